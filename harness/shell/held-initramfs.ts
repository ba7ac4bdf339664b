import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeCpio } from '../build/cpio-archive.ts'
import { projectFolder } from '../call/call-folder.ts'
import { CallFault } from '../faults.ts'
import { type GuestAgent, guestBusybox, toolFolder } from '../guest/guest-agent.ts'
import type { BootFiles } from '../image/image-file.ts'

/** Its existence lets the boot go on. */
const releaseFile = `${toolFolder}/released`

const lastStep = '  exec switch_root '

/** What the kit's init does instead of its last step: it waits for the file, then does it. */
const heldStep = `  echo "The image's init is held."
  while [ ! -e "$new_root${releaseFile}" ]; do sleep 0.2; done
${lastStep}`

/** The kit's init, held before it hands over to the image's. */
export function heldInit(init: string): string {
  if (init.split(lastStep).length !== 2) throw new Error('The last step of the boot kit’s init is not there once.')
  return init.replace(lastStep, () => heldStep)
}

/**
 * Writes an initramfs whose init waits before it hands over to the image's. A later archive's file replaces an earlier
 * one's (Linux, Documentation/driver-api/early-userspace/buffer-format.rst). Returns its path. Throws CallFault for a
 * user's initramfs, whose init is not known.
 */
export async function writeHeldInitramfs({ initramfs, origin }: BootFiles, folder: string): Promise<string> {
  if (origin === 'user')
    throw new CallFault(
      '--init-hang holds the init of the harness’s own initramfs: leave out your kernel and initramfs.',
    )
  const init = await readFile(join(projectFolder, 'fixtures', 'boot-kit', 'init'), 'utf8')
  const archive = await readFile(initramfs)
  const later = writeCpio([{ path: 'init', kind: 'file', mode: 0o755, contents: Buffer.from(heldInit(init)) }])
  const path = join(folder, 'held-initramfs')
  // Archives that follow one another start at multiples of four bytes.
  await writeFile(path, Buffer.concat([archive, Buffer.alloc(-archive.length & 3), later]))
  return path
}

/** Lays down the command `go-on`, which lets the boot go on. */
export async function bringGoOn(agent: GuestAgent): Promise<void> {
  const path = join(toolFolder, 'go-on')
  await agent.writeFile(path, `#!${guestBusybox} sh\n: > ${releaseFile}\necho "The image's init goes on."\n`)
  await agent.exec(guestBusybox, ['chmod', '0755', path])
}
