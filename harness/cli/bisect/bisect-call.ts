import { join } from 'node:path'
import type { ArchitectureName } from '../../model/architecture.ts'
import { callFolder, isInstalled, projectFolder } from '../../platform/call-folder.ts'
import { optionsText } from '../help.ts'
import { absolute, readNumber, readProfile, readTwoImages, readWord } from '../option-values.ts'
import { type Option, readOptions } from '../read-options.ts'
import { readSandbox, type SandboxWish, sandboxOptions } from '../sandbox-options.ts'

/** What a command line of bisect.mjs asks for. */
export type BisectCall = { action: 'help' } | BisectRun

export interface BisectRun {
  action: 'bisect'
  /** Absolute paths of the two images. */
  good: string
  bad: string
  /** IDs of requirements; those of the static suite that tell the images apart where none is named. */
  requirements: readonly string[]
  /** A name or file; missing where the image tells. */
  profile?: string
  kernel?: string
  initramfs?: string
  accelerator: 'auto' | 'kvm' | 'tcg'
  sandbox: SandboxWish
  /** How often the ends, what fails and the result are judged; missing where the suite tells. */
  repeats?: number
  maxTrials: number
  maxMinutes: number
  /** Absolute path; missing for one that the two images give their names to. */
  out?: string
  isFresh: boolean
  json: boolean
}

const group = 'Options'
const boundsGroup = 'Bounds'

export const bisectOptions: readonly Option[] = [
  { name: 'requirement', value: 'ID', group, text: 'that fails on BAD (default: all static ones)', repeatable: true },
  { name: 'profile', value: 'NAME|FILE', group, text: 'what images must be (default: by GOOD)' },
  { name: 'kernel', value: 'FILE', group, text: 'of every trial (default: beside GOOD, or ours)' },
  { name: 'initramfs', value: 'FILE', group, text: 'of every trial (default: the same)' },
  { name: 'accel', value: 'NAME', group, text: 'auto, kvm or tcg (default: auto)' },
  ...sandboxOptions(group),
  { name: 'repeats', value: 'N', group, text: 'judge what fails N times (static: 1, guests: 2)' },
  { name: 'out', value: 'DIR', group, text: 'state and result; the same call goes on there' },
  { name: 'fresh', group, text: 'forget the trials of earlier calls' },
  { name: 'json', group, text: 'the result as JSON on stdout' },
  { name: 'help', group, text: 'this text' },
  { name: 'max-trials', value: 'N', group: boundsGroup, text: 'images judged in all (default: 500)' },
  { name: 'max-minutes', value: 'N', group: boundsGroup, text: 'no new trial after N minutes (default: 480)' },
]

export const bisectHelp = (): string => `Usage: npx zx harness/bisect.mjs GOOD.squashfs BAD.squashfs [options]

Finds the smallest set of changes between two images that makes a requirement
fail: packages first, then their files, then lines of texts. Each trial is GOOD
with some of BAD's changes. The result is proven both ways: GOOD with the set
fails, BAD without it passes. Requirements of the boot, podman and xen suites
are bisected by booting, where --requirement names them.

${optionsText(bisectOptions)}
Exit codes  0 found and proven · 1 found, but BAD without it fails all the same
            2 usage error, unreadable input or no difference in verdict
            3 harness or environment fault, a flaky requirement, or a bound met
`

/** Reads the arguments of bisect.mjs. Throws CallFault, in one sentence, for what it does not take. */
export function parseBisectCall(args: readonly string[], folder = callFolder()): BisectCall {
  const given = readOptions(args, bisectOptions)
  if (given.switches.has('help')) return { action: 'help' }
  const [good, bad] = readTwoImages('bisect.mjs', 'GOOD.squashfs BAD.squashfs', given.positionals, folder)
  const single = (option: string): string | undefined => given.values.get(option)?.at(-1)
  const path = (option: 'kernel' | 'initramfs' | 'out') => {
    const value = single(option)
    return value === undefined ? {} : { [option]: absolute(value, folder) }
  }
  const [profile, repeats] = [single('profile'), single('repeats')]
  const ids = (given.values.get('requirement') ?? []).flatMap((list) => list.split(','))
  return {
    action: 'bisect',
    ...{ good, bad },
    requirements: [...new Set(ids.map((id) => id.trim()))],
    ...(profile !== undefined && { profile: readProfile(profile, folder) }),
    ...{ ...path('kernel'), ...path('initramfs'), ...path('out') },
    accelerator: readWord('accel', single('accel') ?? 'auto', ['auto', 'kvm', 'tcg']),
    sandbox: readSandbox(given),
    ...(repeats !== undefined && { repeats: readNumber('repeats', repeats, 1, 20) }),
    maxTrials: readNumber('max-trials', single('max-trials') ?? '500', 2, 100_000),
    maxMinutes: readNumber('max-minutes', single('max-minutes') ?? '480', 1, 10_000),
    isFresh: given.switches.has('fresh'),
    json: given.switches.has('json'),
  }
}

/** A folder for each pair of images, so that the same call finds the trials of the one before. */
export function bisectOut(goodSha256: string, badSha256: string): string {
  const pair = [goodSha256, badSha256].map((hash) => hash.slice(0, 12)).join('-')
  return join(isInstalled ? callFolder() : projectFolder, 'reports', 'out', `bisect-${pair}`)
}

/** The call's kernel and initramfs, for images of one architecture. */
export const namedBootFiles = ({ kernel, initramfs }: BisectRun, arch: ArchitectureName) => ({
  architectures: [arch],
  ...(kernel !== undefined && { kernel }),
  ...(initramfs !== undefined && { initramfs }),
})
