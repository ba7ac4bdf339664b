import { parseArgs } from 'node:util'
import { CallFault } from '../model/faults.ts'
import { nearest } from './nearest.ts'

/** One option of a command, as data; the reader, the help text and the suggestions all come from it. */
export interface Option {
  /** Without the dashes. */
  name: string
  /** Placeholder of its value in the help text; a switch has none. */
  value?: string
  /** Heading in the help text under which it stands. */
  group: string
  /** What it does, in under 55 characters so that the help text keeps to 80 columns. */
  text: string
  /** May be given several times; otherwise a second time is a fault, since one of the two would be ignored. */
  repeatable?: boolean
}

export interface GivenOptions {
  positionals: string[]
  /** Options with a value, in the order given. */
  values: Map<string, string[]>
  switches: Set<string>
}

/** Reads a command line by its option table. Throws CallFault for what the table does not allow. */
export function readOptions(args: readonly string[], options: readonly Option[]): GivenOptions {
  const given: GivenOptions = { positionals: [], values: new Map(), switches: new Set() }
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value ? 'string' : 'boolean' } as const]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') given.positionals.push(readPositional(token.value))
    if (token.kind === 'option') addOption(given, token, options)
  }
  return given
}

interface OptionToken {
  name: string
  rawName: string
  value: string | undefined
  inlineValue: boolean | undefined
}

function readPositional(value: string): string {
  if (value === '') throw new CallFault('An image path is empty: leave it out, or quote a variable that is set.')
  return value
}

function addOption(given: GivenOptions, token: OptionToken, options: readonly Option[]): void {
  const option = options.find(({ name }) => name === token.name && token.rawName === `--${name}`)
  if (!option) throw unknownOption(token.rawName, options)
  if (option.value) addValue(given, token, option)
  else addSwitch(given, token)
}

function addValue(given: GivenOptions, token: OptionToken, option: Option): void {
  const value = requireValue(option, token)
  const earlier = given.values.get(option.name) ?? []
  if (earlier.length > 0 && !option.repeatable) throw new CallFault(`--${option.name} is given twice: give it once.`)
  given.values.set(option.name, [...earlier, value])
}

function addSwitch(given: GivenOptions, token: OptionToken): void {
  if (token.value !== undefined) throw new CallFault(`--${token.name} takes no value, but was given "${token.value}".`)
  given.switches.add(token.name)
}

/** A value that looks like an option was forgotten, unless it is joined by `=`. */
function requireValue(option: Option, token: OptionToken): string {
  const missing = !token.value || (!token.inlineValue && token.value.startsWith('--'))
  if (missing) throw new CallFault(`--${option.name} needs a value: --${option.name} ${option.value}.`)
  return token.value as string
}

function unknownOption(rawName: string, options: readonly Option[]): CallFault {
  const suggestion = nearest(
    rawName,
    options.map(({ name }) => `--${name}`),
  )
  return new CallFault(
    `There is no option ${rawName}${suggestion ? `; did you mean ${suggestion}?` : '; --help lists all.'}`,
  )
}
