/** Compiled patterns; a catalogue asks the same few again for every finding. */
const compiled = new Map<string, RegExp>()

/**
 * Tells whether a path matches a pattern: `*` and `?` stay within a name, `**` crosses folders, `{a,b}` gives alternatives.
 */
export function matchesPath(pattern: string, path: string): boolean {
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    expression = new RegExp(`^${translate(pattern)}$`, 's')
    compiled.set(pattern, expression)
  }
  return expression.test(path)
}

const translations: Record<string, string> = { '**': '.*', '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')' }

function translate(pattern: string): string {
  let depth = 0
  return pattern.replace(/\*\*|./gsu, (token) => {
    if (token === '{') depth++
    if (token === ',' && depth > 0) return '|'
    if (token === '}') depth--
    return translations[token] ?? token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
}
