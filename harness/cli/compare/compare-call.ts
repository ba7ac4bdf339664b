import { availableParallelism } from 'node:os'
import { type ComparisonOptions, tiers } from '../../measure/compare/comparison.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { optionsText } from '../help.ts'
import { readList, readNumber, readProfile, readTwoImages, readWord } from '../option-values.ts'
import { type Option, readOptions } from '../read-options.ts'
import { readSandbox, type SandboxWish, sandboxOptions } from '../sandbox-options.ts'

/** What a command line of compare.mjs asks for. */
export type CompareCall = { action: 'help' } | CompareRun

export interface CompareRun extends ComparisonOptions {
  action: 'compare'
  /** Absolute paths: what is, and what is to replace it. */
  a: string
  b: string
  profile: string
  json: boolean
  sandbox: SandboxWish
}

const group = 'Options'
const most = 1000

export const compareOptions: readonly Option[] = [
  { name: 'tier', value: 'LIST', group, text: '0 exact, 1 CPU time, 2 wall time (default: all)', repeatable: true },
  { name: 'pairs', value: 'N', group, text: 'at least N pairs of boots for tiers 1 and 2' },
  { name: 'seed', value: 'N', group, text: 'of the order within pairs (default: 1)' },
  { name: 'profile', value: 'NAME|FILE', group, text: 'whose limits hold (default: vpdmn)' },
  { name: 'accel', value: 'NAME', group, text: 'auto, kvm or tcg, for tiers 1 and 2 (default: auto)' },
  ...sandboxOptions(group),
  { name: 'jobs', value: 'N', group, text: 'exact boots in parallel (default: one per core)' },
  { name: 'json', group, text: 'all samples as JSON on stdout' },
  { name: 'help', group, text: 'this text' },
]

export const compareHelp = (): string => `Usage: npx zx harness/compare.mjs A.squashfs B.squashfs [options]

Measures two images of one architecture afresh and says whether B is slower than
A, in which phase, and which packages and files differ there.

${optionsText(compareOptions)}
Exit codes  0 B is no slower · 1 it is · 2 usage error or unreadable input
            3 harness or environment fault
`

/** Reads the arguments of compare.mjs. Throws CallFault, in one sentence, for what it does not take. */
export function parseCompareCall(args: readonly string[], folder = callFolder()): CompareCall {
  const given = readOptions(args, compareOptions)
  if (given.switches.has('help')) return { action: 'help' }
  const [a, b] = readTwoImages('compare.mjs', 'A.squashfs B.squashfs', given.positionals, folder)
  const single = (option: string): string | undefined => given.values.get(option)?.at(-1)
  return {
    action: 'compare',
    ...{ a, b },
    tiers: readList('tier', given.values.get('tier') ?? tiers, tiers),
    profile: readProfile(single('profile') ?? 'vpdmn', folder),
    accelerator: readWord('accel', single('accel') ?? 'auto', ['auto', 'kvm', 'tcg']),
    sandbox: readSandbox(given),
    pairs: readNumber('pairs', single('pairs') ?? '1', 1, most),
    seed: readNumber('seed', single('seed') ?? '1', 0, 999_999_999),
    jobs: readNumber('jobs', single('jobs') ?? String(availableParallelism()), 1, 64),
    json: given.switches.has('json'),
  }
}
