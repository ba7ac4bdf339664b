import type { ShellWord } from './shell-words.ts'

export type ShellToken =
  | { kind: 'word'; word: ShellWord; line: number }
  | { kind: 'operator'; text: string }
  /** A file that output goes to. */
  | { kind: 'write'; word: ShellWord; line: number }
  | { kind: 'end' }

const operators = ['&&', '||', ';;', ';&', '\n', ';', '&', '|', '(', ')'] as const
const redirection = /^[0-9]*(<<-?|>>|>\||>&|<&|<>|>|<)/
const outputs = ['>', '>>', '>|', '<>']
/** Blanks are those of the shell; JavaScript's `\s` has more, such as the byte order mark, which is part of a word here. */
const wordEnd = /[ \t\r\n;&|()<>]/

/** Splits a script into words and operators: quotes, comments, redirections and here-documents are dealt with here. */
export class ShellReader {
  readonly #source: string
  readonly #onSubstitution: (source: string, line: number) => void
  #position = 0
  #line: number
  #pendingDocuments: { delimiter: string; stripsTabs: boolean }[] = []
  /** Open case commands; true while the next words are patterns. */
  #cases: boolean[] = []

  /**
   * @param onSubstitution is given the source of each command substitution and the line on which it begins
   * @param firstLine that of the source in its file
   */
  constructor(source: string, onSubstitution: (source: string, line: number) => void, firstLine = 1) {
    this.#source = source
    this.#onSubstitution = onSubstitution
    this.#line = firstLine
  }

  next(): ShellToken {
    for (;;) {
      this.#skipBlanks()
      if (this.#position >= this.#source.length) return { kind: 'end' }
      if (this.#cases.at(-1)) {
        this.#skipPattern()
        continue
      }
      const redirection = this.#redirection()
      if (redirection?.file) return { kind: 'write', word: redirection.file, line: this.#line }
      if (redirection) continue
      const operator = operators.find((candidate) => this.#source.startsWith(candidate, this.#position))
      if (operator) return this.#operator(operator)
      const line = this.#line
      const word = this.#word()
      if (word.raw === 'esac') this.#cases.pop()
      return { kind: 'word', word, line }
    }
  }

  /** Consumes an expected character after blanks. */
  takeIf(character: string): boolean {
    this.#skipBlanks()
    if (this.#source[this.#position] !== character) return false
    this.#position++
    return true
  }

  /** After `for`: the name and the list up to `do` or the end of the line are no command. */
  skipForHeader(): void {
    for (this.#skipBlanks(); this.#position < this.#source.length; this.#skipBlanks()) {
      if (/[;\n]/.test(this.#source[this.#position] as string)) return
      if (/^do\b/.test(this.#source.slice(this.#position, this.#position + 3))) return
      this.#wordOrSkip()
    }
  }

  /** After `case`: the subject and `in`; then patterns come. */
  enterCase(): void {
    this.#skipBlanks()
    this.#wordOrSkip()
    this.#skipBlanksAndLines()
    if (this.#source.startsWith('in', this.#position)) this.#position += 2
    this.#cases.push(true)
  }

  #operator(text: string): ShellToken {
    this.#position += text.length
    if (text === '\n') this.#endLine()
    if ((text === ';;' || text === ';&') && this.#cases.length > 0) this.#cases[this.#cases.length - 1] = true
    return { kind: 'operator', text }
  }

  /** Up to the `)` that ends a pattern list, or past `esac`. */
  #skipPattern(): void {
    this.#skipBlanksAndLines()
    if (/^esac\b/.test(this.#source.slice(this.#position, this.#position + 5))) {
      this.#cases.pop()
      this.#position += 4
      return
    }
    this.takeIf('(')
    while (this.#position < this.#source.length && this.#source[this.#position] !== ')') this.#wordOrSkip()
    this.#position++
    this.#cases[this.#cases.length - 1] = false
  }

  #wordOrSkip(): void {
    const before = this.#position
    this.#word()
    if (this.#position === before) this.#position++
  }

  #skipBlanks(): void {
    for (;;) {
      const rest = this.#source[this.#position]
      if (rest === ' ' || rest === '\t' || rest === '\r') this.#position++
      else if (rest === '\\' && this.#source[this.#position + 1] === '\n') {
        this.#position += 2
        this.#line++
      } else if (rest === '#') this.#position = this.#lineEnd()
      else return
    }
  }

  #skipBlanksAndLines(): void {
    for (this.#skipBlanks(); this.#source[this.#position] === '\n'; this.#skipBlanks()) {
      this.#position++
      this.#endLine()
    }
  }

  #lineEnd(): number {
    const end = this.#source.indexOf('\n', this.#position)
    return end < 0 ? this.#source.length : end
  }

  /** After a newline the here-documents announced on that line follow. */
  #endLine(): void {
    this.#line++
    for (const { delimiter, stripsTabs } of this.#pendingDocuments.splice(0)) this.#skipDocument(delimiter, stripsTabs)
  }

  #skipDocument(delimiter: string, stripsTabs: boolean): void {
    while (this.#position < this.#source.length) {
      const end = this.#lineEnd()
      const line = this.#source.slice(this.#position, end)
      this.#position = end + 1
      this.#line++
      if ((stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter) return
    }
  }

  /** Goes past a redirection; `file` is there where it is one of output to a file. */
  #redirection(): { file?: ShellWord } | undefined {
    const [all, operator] = redirection.exec(this.#source.slice(this.#position, this.#position + 12)) ?? []
    if (all === undefined || operator === undefined) return undefined
    this.#position += all.length
    this.#skipBlanks()
    const target = this.#word()
    if (operator.startsWith('<<'))
      this.#pendingDocuments.push({ delimiter: target.text ?? target.raw, stripsTabs: operator === '<<-' })
    return outputs.includes(operator) ? { file: target } : {}
  }

  #word(): ShellWord {
    const start = this.#position
    let text: string | undefined = ''
    let isQuoted = false
    const append = (part: string | undefined) => {
      text = part === undefined || text === undefined ? undefined : text + part
    }
    while (this.#position < this.#source.length) {
      const character = this.#source[this.#position] as string
      if (wordEnd.test(character)) break
      if (character === "'" || character === '"' || character === '\\') isQuoted = true
      append(this.#wordPart(character))
    }
    return { text, raw: this.#source.slice(start, this.#position), isQuoted }
  }

  /** One part of a word: quoted text, an expansion (undefined) or a plain character. */
  #wordPart(character: string): string | undefined {
    if (character === "'") return this.#singleQuoted()
    if (character === '"') return this.#doubleQuoted()
    if (character === '$') return this.#expansion()
    if (character === '`') return this.#backquoted()
    if (character === '\\') return this.#escaped()
    this.#position++
    return character
  }

  #escaped(): string {
    const next = this.#source[this.#position + 1] ?? ''
    this.#position += 2
    if (next === '\n') this.#line++
    return next === '\n' ? '' : next
  }

  #singleQuoted(): string {
    const end = this.#source.indexOf("'", this.#position + 1)
    const text = this.#source.slice(this.#position + 1, end < 0 ? this.#source.length : end)
    this.#line += text.split('\n').length - 1
    this.#position += text.length + 2
    return text
  }

  #doubleQuoted(): string | undefined {
    let text: string | undefined = ''
    this.#position++
    while (this.#position < this.#source.length && this.#source[this.#position] !== '"') {
      const character = this.#source[this.#position] as string
      if (character === '\n') this.#line++
      const part = character === "'" ? this.#literal() : this.#wordPart(character)
      text = part === undefined || text === undefined ? undefined : text + part
    }
    this.#position++
    return text
  }

  #literal(): string {
    return this.#source[this.#position++] as string
  }

  /** `$name`, `${…}`, `$(…)`, `$((…))`; commands inside are reported. A lone `$` is itself. */
  #expansion(): string | undefined {
    const next = this.#source[this.#position + 1] ?? ''
    if (next === '(') return this.#substitution()
    if (next === '{') return this.#braced()
    const [name] =
      /^[A-Za-z_][A-Za-z0-9_]*|^[0-9@*#?$!-]/.exec(this.#source.slice(this.#position + 1, this.#position + 130)) ?? []
    this.#position += 1 + (name?.length ?? 0)
    return name === undefined ? '$' : undefined
  }

  #braced(): undefined {
    this.#position += 2
    while (this.#position < this.#source.length && this.#source[this.#position] !== '}')
      this.#wordPart(this.#source[this.#position] as string)
    this.#position++
  }

  #substitution(): undefined {
    const isArithmetic = this.#source[this.#position + 2] === '('
    const end = this.#closingParenthesis(this.#position + 2)
    const inner = this.#source.slice(this.#position + 2, end)
    this.#position = end + 1
    if (!isArithmetic) this.#onSubstitution(inner, this.#line)
    this.#line += inner.split('\n').length - 1
  }

  #backquoted(): undefined {
    const end = this.#source.indexOf('`', this.#position + 1)
    const inner = this.#source.slice(this.#position + 1, end < 0 ? this.#source.length : end)
    this.#position += inner.length + 2
    this.#onSubstitution(inner.replace(/\\([$`\\])/g, '$1'), this.#line)
    this.#line += inner.split('\n').length - 1
  }

  /** The `)` that closes a substitution: quotes are skipped; case patterns inside substitutions need their `(`. */
  #closingParenthesis(start: number): number {
    let depth = 1
    for (let position = start; position < this.#source.length; position++) {
      const character = this.#source[position]
      if (character === '\\') position++
      else if (character === "'" || character === '"') position = this.#closingQuote(position, character)
      else if (character === '(') depth++
      else if (character === ')' && --depth === 0) return position
    }
    return this.#source.length
  }

  #closingQuote(start: number, quote: string): number {
    let position = start + 1
    while (position < this.#source.length && this.#source[position] !== quote)
      position += quote === '"' && this.#source[position] === '\\' ? 2 : 1
    return position
  }
}
