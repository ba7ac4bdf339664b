import { defaultArchitecture } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { absolute } from '../option-values.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import { type GivenOptions, readOptions } from '../read-options.ts'
import { type SandboxWish, sandboxOptionNames } from '../sandbox-options.ts'
import type { VerifyRun } from '../verify-call.ts'
import { type ShellOption, shellOptions } from './shell-options.ts'

/** How one comes into a guest: into a fork of a booted one, with an image in podman's store or not, or by a boot of its own. */
export type ShellWay = 'fresh' | 'pulled' | 'boot' | 'init-hang'

export type ShellCall =
  | { action: 'help' }
  | { action: 'open'; way: ShellWay; command?: string; verify: VerifyRun }
  | { action: 'snapshot'; folder: string; command?: string; sandbox: SandboxWish }

/** Ways that cannot be combined. */
const ways = ['boot', 'init-hang', 'pulled', 'snapshot'] as const satisfies readonly ShellOption[]
/** Options that verify.mjs understands in the same way. */
const passedOn = ['kernel', 'initramfs', 'blobs', 'accel', 'registry'] as const satisfies readonly ShellOption[]

/** Reads the command line of shell.mjs. Throws CallFault with one sentence for a wrong one. */
export function parseShellCall(args: readonly string[], folder: string = callFolder()): ShellCall {
  const given = readOptions(args, shellOptions)
  if (given.switches.has('help')) return { action: 'help' }
  const [way, other] = ways.filter((name) => isGiven(given, name))
  if (way && other) throw new CallFault(`--${way} and --${other} cannot be combined: give only one.`)
  const command = single(given, 'command')
  const rest = command === undefined ? {} : { command }
  if (way === 'snapshot') return { ...snapshotCall(given, folder), ...rest }
  return { action: 'open', way: way ?? 'fresh', verify: verifyCall(given, folder), ...rest }
}

function snapshotCall(given: GivenOptions, folder: string) {
  const needless = [...passedOn, 'arch' as const].find((name) => isGiven(given, name))
  if (needless) throw new CallFault(`--snapshot and --${needless} cannot be combined: a snapshot includes its machine.`)
  if (given.positionals.length > 0) throw new CallFault('--snapshot takes no image: a snapshot includes its own.')
  const { sandbox } = verifyCall(given, folder)
  return { action: 'snapshot' as const, folder: absolute(single(given, 'snapshot') as string, folder), sandbox }
}

function verifyCall(given: GivenOptions, folder: string): VerifyRun {
  if (given.positionals.length > 1) throw new CallFault('shell.mjs takes one image at a time.')
  const passed = passedOn.flatMap((name) => {
    const value = single(given, name)
    return value === undefined ? [] : [`--${name}=${value}`]
  })
  const switches = sandboxOptionNames.filter((name) => isGiven(given, name)).map((name) => `--${name}`)
  const arch = single(given, 'arch') ?? (given.positionals.length === 0 ? defaultArchitecture : undefined)
  const options = parseVerifyCall(
    [
      '--suite=podman',
      '--keep-going',
      ...(arch ? [`--arch=${arch}`] : []),
      ...passed,
      ...switches,
      '--',
      ...given.positionals,
    ],
    folder,
  )
  if (options.action !== 'verify') throw new Error('These arguments ask for a run.')
  return options
}

const single = (given: GivenOptions, option: ShellOption): string | undefined => given.values.get(option)?.at(-1)

const isGiven = ({ values, switches }: GivenOptions, option: ShellOption): boolean =>
  values.has(option) || switches.has(option)
