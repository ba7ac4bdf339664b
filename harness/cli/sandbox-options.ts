import { CallFault } from '../model/faults.ts'
import type { GivenOptions, Option } from './read-options.ts'

/** Whether QEMU has as much of its sandbox as can be had, must have all of it, or has none. */
export type SandboxWish = 'available' | 'required' | 'off'

/** What every command takes that boots an image which may be a stranger's. */
const options = [
  { name: 'require-sandbox', text: 'no guest unless QEMU has all of its sandbox', wish: 'required' },
  { name: 'no-sandbox', text: 'QEMU without it: for images of your own alone', wish: 'off' },
] as const satisfies readonly (Pick<Option, 'name' | 'text'> & { wish: SandboxWish })[]

export type SandboxOption = (typeof options)[number]['name']

export const sandboxOptionNames: readonly SandboxOption[] = options.map(({ name }) => name)

/** The options under a heading of the command's help text. */
export const sandboxOptions = (group: string): (Option & { name: SandboxOption })[] =>
  options.map(({ name, text }) => ({ name, group, text }))

/** What is asked of the sandbox. Throws CallFault where two things are at once. */
export function readSandbox({ switches }: GivenOptions): SandboxWish {
  const [asked, other] = options.filter(({ name }) => switches.has(name))
  if (asked && other) throw new CallFault(`--${asked.name} and --${other.name} cannot be combined: give only one.`)
  return asked?.wish ?? 'available'
}
