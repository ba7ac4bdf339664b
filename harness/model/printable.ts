/**
 * What a terminal or a reader's eye takes for something else: control and format characters, which include those that
 * reverse or hide text (Unicode TR 36, "Bidirectional Text Spoofing"), those that are shown as nothing at all, such as the filler letters
 * of Hangul (Unicode, "Default_Ignorable_Code_Point"), and line and paragraph separators.
 */
const unprintable = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Foreign text made safe to show: what is no plain character appears as `\x1b` or `\u{202e}`. Keeps tabs and line feeds. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(unprintable, escapeCharacter)

/** The same on a single line: line feeds and tabs are escaped too. */
export const printableLine = (text: string): string => printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
