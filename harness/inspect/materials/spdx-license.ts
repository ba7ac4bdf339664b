import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' }
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' }

/** Registered identifiers by their lower-case form: they match in any case (SPDX 2.3, annex D.2). */
const registered = new Map([...deprecatedIds, ...currentIds].map((id) => [id.toLowerCase(), id]))

/** Bitbake's operators (BitBake User Manual, LICENSE) beside SPDX's own. */
const operators = new Map([
  ['&', 'AND'],
  ['AND', 'AND'],
  ['and', 'AND'],
  ['|', 'OR'],
  ['OR', 'OR'],
  ['or', 'OR'],
])

/**
 * A license as a package states it, as an SPDX expression; undefined where it names anything but registered licenses,
 * joined by `&`, `|`, AND, OR and parentheses.
 */
export function spdxExpression(stated: string): string | undefined {
  const words: string[] = []
  let depth = 0
  let wantsOperand = true
  for (const token of stated.match(/[()&|]|[^\s()&|]+/g) ?? []) {
    const closesOrOpens = token === (wantsOperand ? '(' : ')')
    const word = closesOrOpens ? token : wantsOperand ? licenseId(token) : operators.get(token)
    if (word === undefined || (word === ')' && depth === 0)) return undefined
    if (closesOrOpens) depth += wantsOperand ? 1 : -1
    else wantsOperand = !wantsOperand
    words.push(word)
  }
  if (wantsOperand || depth > 0) return undefined
  return words.join(' ').replaceAll('( ', '(').replaceAll(' )', ')')
}

/** `GPL-2.0+` is the registered license "or any later version" (SPDX 2.3, annex D.2). */
function licenseId(token: string): string | undefined {
  const id = token.toLowerCase()
  const later = registered.get(id.replace(/\+$/, ''))
  return registered.get(id) ?? (id.endsWith('+') && later ? `${later}+` : undefined)
}
