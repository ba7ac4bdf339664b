import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { cpioMembers } from '../../harness/image/boot-files/cpio-members.ts'
import { requireTool } from '../../harness/platform/process/run-tool.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import type { HostileImage } from './hostile-images.ts'

const packTimeoutMs = 60_000
const folders = ['bin', 'dev', 'etc', 'proc', 'run', 'share', 'sys', 'tmp', 'usr/bin']

/** Packs an image that holds its init and a static busybox. Returns its path. */
export async function packHostileImage({ id, init }: HostileImage, folder: string, host: string): Promise<string> {
  const tree = join(folder, `${id}.tree`)
  for (const name of folders) await mkdir(join(tree, name), { recursive: true })
  await writeFile(join(tree, 'bin/busybox'), await kitBusybox(), { mode: 0o755 })
  await symlink('busybox', join(tree, 'bin/sh'))
  const start = 'export PATH=/bin\n/bin/busybox --install -s /tmp 2>/dev/null; PATH=/tmp:/bin\n'
  const mounts = 'mount -t proc proc /proc 2>/dev/null; mount -t devtmpfs dev /dev 2>/dev/null\n'
  await writeFile(join(tree, 'init'), `#!/bin/sh\n${start}${mounts}${init.replaceAll('HOST', host)}\n`)
  await chmod(join(tree, 'init'), 0o755)
  const image = join(folder, `${id}.squashfs`)
  await requireTool('mksquashfs', [tree, image, '-noappend', '-all-root', '-quiet', '-no-progress'], {
    timeoutMs: packTimeoutMs,
  })
  return image
}

/** The boot kit's own, a static program of the guest's architecture. */
async function kitBusybox(): Promise<Buffer> {
  const { initramfs } = await ensureBootKit('x86_64')
  const members = cpioMembers(gunzipSync(await readFile(initramfs)))
  const contents = members?.find(({ name }) => name === 'bin/busybox')?.contents
  if (!contents) throw new Error('The initramfs of the boot kit has no bin/busybox.')
  return contents
}
