import { ShellReader } from './shell-reader.ts'
import type { ShellCommand, ShellScript, ShellWord } from './shell-words.ts'

/** Words that only open, part or close a compound command; what follows is a command again. */
const plainKeywords = new Set([
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'if',
  'while',
  'until',
  '{',
  '}',
  '!',
  'esac',
])
const conditionOpeners = new Set(['if', 'elif', 'while', 'until'])
const conditionClosers = new Set(['then', 'do'])
const assignmentPattern = /^([A-Za-z_][A-Za-z0-9_]*)=/

/**
 * Lists the simple commands of a POSIX shell script (POSIX.1-2024, Shell Command Language, 2.10), those inside command
 * substitutions and functions included. It reads for what a script calls; whether the script is valid is for a shell to say.
 */
export const parseShell = (source: string): ShellScript => parseNested(source, 0, 1)

/** Scripts nest substitutions a few deep; deeper ones are no scripts of an image but an attack. */
const maxNesting = 50

function parseNested(source: string, depth: number, firstLine: number): ShellScript {
  if (depth > maxNesting) throw new RangeError('a script nests its substitutions too deep')
  const script: ShellScript = { commands: [], functions: new Set() }
  const addInner = (inner: string, line: number) =>
    script.commands.push(...parseNested(inner, depth + 1, line).commands)
  new ShellParser(new ShellReader(source, addInner, firstLine), script).parse()
  return script
}

class ShellParser {
  readonly #reader: ShellReader
  readonly #script: ShellScript
  #command: ShellCommand | undefined
  #inCondition = false

  constructor(reader: ShellReader, script: ShellScript) {
    this.#reader = reader
    this.#script = script
  }

  parse(): void {
    for (;;) {
      const token = this.#reader.next()
      if (token.kind === 'end') break
      if (token.kind === 'operator') this.#operator(token.text)
      else if (token.kind === 'write') this.#begin(token.line).writes.push(token.word)
      else this.#word(token.word, token.line)
    }
    this.#finish(false)
  }

  #operator(operator: string): void {
    if (operator === '(' && this.#command?.words.length === 1 && this.#reader.takeIf(')')) this.#function()
    else this.#finish(operator === '||')
  }

  #function(): void {
    const name = this.#command?.words[0]?.text
    if (name !== undefined) this.#script.functions.add(name)
    this.#command = undefined
  }

  #word(word: ShellWord, line: number): void {
    const keyword = word.isQuoted || this.#command ? undefined : word.text
    if (keyword !== undefined && this.#keyword(keyword)) return
    const command = this.#begin(line)
    const assignment = command.words.length === 0 ? assignmentPattern.exec(word.raw) : null
    if (assignment) command.assignments.push({ name: assignment[1] as string, value: afterEquals(word) })
    else command.words.push(word)
  }

  /** The command that is being read, or a new one. */
  #begin(line: number): ShellCommand {
    this.#command ??= { assignments: [], words: [], writes: [], line, mayFail: false }
    return this.#command
  }

  /** Handles a reserved word in command position; false for any other word. */
  #keyword(keyword: string): boolean {
    if (conditionOpeners.has(keyword)) this.#inCondition = true
    if (conditionClosers.has(keyword)) this.#inCondition = false
    if (plainKeywords.has(keyword)) return true
    if (keyword === 'for') this.#reader.skipForHeader()
    else if (keyword === 'case') this.#reader.enterCase()
    else return false
    return true
  }

  #finish(leftOfOr: boolean): void {
    if (this.#command) this.#script.commands.push({ ...this.#command, mayFail: leftOfOr || this.#inCondition })
    this.#command = undefined
  }
}

function afterEquals(word: ShellWord): ShellWord {
  const skipped = word.raw.indexOf('=') + 1
  const text = word.text?.slice(word.text.indexOf('=') + 1)
  return { text, raw: word.raw.slice(skipped), isQuoted: word.isQuoted }
}
