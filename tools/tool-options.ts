import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { readNumber } from '../harness/cli/option-values.ts'
import { CallFault } from '../harness/model/faults.ts'

export const text = { type: 'string' } as const
export const flag = { type: 'boolean', default: false } as const

/** Reads the options of `npm run TOOL`, and `--help`. Throws CallFault for what is none of them. */
export function parseToolOptions<const T extends ParseArgsOptionsConfig>(
  tool: string,
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options: { ...options, help: flag } }).values
  } catch (cause) {
    const [reason] = (cause as Error).message.split('. ')
    throw new CallFault(`${reason}: npm run ${tool} -- --help shows what it takes.`, { cause })
  }
}

/** Reads what counts or seeds: a whole number of at most nine digits. */
export const readCount = (option: string, given: string | undefined, byDefault: number): number =>
  given === undefined ? byDefault : readNumber(option, given, 0, 999_999_999)

export const randomSeed = (): number => Math.floor(Math.random() * 1_000_000)
