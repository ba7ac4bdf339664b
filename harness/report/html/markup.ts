import { printable } from '../../model/printable.ts'

/** Text that is HTML already. Only the `html` tag makes it, so all other text is escaped on its way into a page. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | undefined | readonly Part[]

/** Markup from a template. Its parts are escaped, unless they are markup; lists are joined, undefined is nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, index) => text + textOf(parts[index])).join(''))

function textOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  return typeof part === 'object' ? part.map(textOf).join('') : escaped(String(part))
}

/** Also shows characters that steer a text instead of standing in it, such as those that reverse its direction. */
const escaped = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
