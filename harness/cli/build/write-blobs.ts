import { constants } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { blobNames } from '../../contract/deployed.ts'
import type { BootFiles } from '../../image/image-file.ts'
import { architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'

/**
 * Writes the blob folder that runners boot from: `OUT/ARCH/` with `rootfs.img`, `initramfs.cpio.gz` and the kernel.
 * Each file appears whole or not at all. Returns their paths; throws EnvironmentFault where they cannot be written.
 */
export async function writeBlobs(bootFiles: BootFiles, image: string, out: string): Promise<string[]> {
  const folder = join(out, bootFiles.arch)
  const blobs: [source: string, name: string][] = [
    [image, blobNames.image],
    [bootFiles.kernel, architectures[bootFiles.arch].kernelFile],
    [bootFiles.initramfs, blobNames.initramfs],
  ]
  try {
    await mkdir(folder, { recursive: true })
    for (const [source, name] of blobs) await copyWhole(source, join(folder, name))
  } catch (cause) {
    throw new EnvironmentFault(
      'E_OUTPUT',
      `The blob folder ${folder} cannot be written: ${(cause as Error).message}.`,
      { cause },
    )
  }
  return blobs.map(([, name]) => join(folder, name))
}

async function copyWhole(source: string, target: string): Promise<void> {
  const unfinished = `${target}.${process.pid}`
  try {
    await copyFile(source, unfinished, constants.COPYFILE_FICLONE)
    await rename(unfinished, target)
  } finally {
    await rm(unfinished, { force: true })
  }
}
