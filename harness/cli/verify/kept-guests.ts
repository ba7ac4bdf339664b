import { keptGuests } from '../../guest/prepare/kept-guest.ts'
import type { SuiteName } from '../../model/requirement.ts'
import type { VerifyRun as VerifyCall } from '../verify-call.ts'
import type { JudgedImage } from './image-states.ts'
import { type Run, snapshotsFolder } from './verify-run.ts'

/**
 * Says which guests were kept and how to come into them, and how to come into one like those that were not; with
 * `--on-failure shell`, on a terminal, opens a shell in the first one.
 */
export async function offerKeptGuests({ options, lifetime }: Run, images: readonly JudgedImage[]): Promise<void> {
  const kept = keptGuests(snapshotsFolder(options))
  for (const folder of kept) say(`Kept: ${shell(['--snapshot', folder])}`)
  for (const image of images.filter((image) => hasFailed(image, 'boot') || (!kept[0] && hasFailed(image, 'podman'))))
    say(`Of ${image.label} a boot failed, whose machine is gone. ${wayIn(image, options)}`)
  const [first] = kept
  if (options.onFailure !== 'shell' || !first || !process.stdin.isTTY) return
  const { openShell } = await import('../shell/open-shell.ts')
  await openShell({ action: 'snapshot', folder: first, sandbox: options.sandbox }, lifetime)
}

/** A test of podman has no guest to keep where the image did not come up. */
const hasFailed = ({ requirements }: JudgedImage, suite: SuiteName): boolean =>
  requirements.some((requirement) => requirement.suite === suite && requirement.status === 'fail')

function wayIn({ image, arch }: JudgedImage, { kernel, initramfs, blobs }: VerifyCall): string {
  const ownFiles = Object.entries({ kernel, initramfs, blobs }).flatMap(([name, path]) =>
    path === undefined ? [] : [`--${name}`, path],
  )
  const command = shell([image.path, '--arch', arch, ...ownFiles, '--boot'])
  return `One booted as it was: ${command}; with --init-hang instead, before its init`
}

const shell = (args: readonly string[]): string => `npx zx harness/shell.mjs ${args.map(quoted).join(' ')}`

/** As a shell reads it (POSIX, "Single-Quotes"). */
const quoted = (argument: string): string =>
  /^[\w./:@%+=,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`

const say = (line: string) => process.stderr.write(`${line}\n`)
