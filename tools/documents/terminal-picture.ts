/** Measures of the picture in its own units; a column of a monospace font is 0.6 of its size wide. */
const font = { size: 13, column: 7.8, line: 18 }
const margin = 14

/** Colours on a dark ground, each with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const ground = '#1c2128'
const colours = { plain: '#d5dbe3', red: '#ff8080', green: '#6fd08c', yellow: '#e5c07b', dim: '#9aa5b1' }

interface Look {
  colour: keyof typeof colours
  bold: boolean
}
const plainLook: Look = { colour: 'plain', bold: false }

/** What each of the harness's escape sequences changes (ECMA-48, SGR). */
const changes: Readonly<Record<string, Partial<Look>>> = {
  0: plainLook,
  1: { bold: true },
  2: { colour: 'dim' },
  22: { bold: false, colour: 'plain' },
  31: { colour: 'red' },
  32: { colour: 'green' },
  33: { colour: 'yellow' },
  39: { colour: 'plain' },
}

/** A picture (SVG) of a text as a terminal shows it, with colours by escape sequences. */
export function terminalPicture(text: string, label: string): string {
  const lines = text.trimEnd().split('\n')
  const columns = Math.max(...lines.map((line) => runsOf(line).reduce((sum, run) => sum + run.text.length, 0)))
  const width = Math.ceil(columns * font.column) + 2 * margin
  const height = lines.length * font.line + 2 * margin
  const rows = lines.map((line, row) => lineElement(line, margin + row * font.line + font.size))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">
<rect width="100%" height="100%" rx="6" fill="${ground}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${font.size}" fill="${colours.plain}">
${rows.filter(Boolean).join('\n')}
</g>
</svg>
`
}

/** Of several spaces in markup all but one would be lost. */
const noBreakSpace = '\u00a0'

/** Each run stands at its column: fonts differ in width, columns do not. */
function lineElement(line: string, y: number): string {
  let column = 0
  return runsOf(line)
    .map(({ text, look }) => {
      const x = margin + column * font.column
      column += text.length
      const length = (text.length * font.column).toFixed(1)
      const fill = look.colour === 'plain' ? '' : ` fill="${colours[look.colour]}"`
      const weight = look.bold ? ' font-weight="bold"' : ''
      return `<text x="${x.toFixed(1)}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${fill}${weight}>${escaped(text).replaceAll(' ', noBreakSpace)}</text>`
    })
    .join('')
}

/** The parts of a line that look alike. */
function runsOf(line: string): { text: string; look: Look }[] {
  let look = plainLook
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  return line.split(/(\x1b\[\d+m)/).flatMap((part, index) => {
    if (index % 2 === 0) return part === '' ? [] : [{ text: part, look }]
    look = { ...look, ...changes[part.slice(2, -1)] }
    return []
  })
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
