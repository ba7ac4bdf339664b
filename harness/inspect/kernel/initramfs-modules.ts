import { basename } from 'node:path'
import { initramfsArchive, unpackedBytes } from '../../image/boot-files/initramfs-file.ts'
import { type ModuleFile, moduleNameOf, moduleRelease } from './kernel-module.ts'

/** A module of an initramfs, with the release that it is for where it tells. */
export interface InitramfsModule extends ModuleFile {
  release: string | undefined
}

/** Fields of 8 hexadecimal digits behind the magic (cpio(5), "New ASCII Format"). */
const headerBytes = 110
const field = (archive: Buffer, at: number, index: number): number =>
  Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16)
const aligned = (at: number): number => Math.ceil(at / 4) * 4

/**
 * All modules of an initramfs, or undefined where they are not all known: it does not unpack here, is larger than what is looked
 * at, or has another archive behind its own.
 */
export async function initramfsModules(path: string): Promise<InitramfsModule[] | undefined> {
  const archive = await initramfsArchive(path)
  return archive === undefined || archive.length >= unpackedBytes ? undefined : modulesOf(archive)
}

/** The modules of archives that stand one behind the other, as the kernel unpacks them; undefined where something else follows. */
export function modulesOf(archive: Buffer): InitramfsModule[] | undefined {
  const modules: InitramfsModule[] = []
  for (let at = 0; at < archive.length; ) {
    if (archive[at] === 0) {
      at++
      continue
    }
    if (!/^07070[12]$/.test(archive.toString('latin1', at, at + 6))) return undefined
    const nameBytes = field(archive, at, 11)
    const content = aligned(at + headerBytes + nameBytes)
    const end = content + field(archive, at, 6)
    // Sizes that are no numbers, or lead out of the archive, are those of one that was cut.
    if (!(end <= archive.length)) return undefined
    const member = archive.toString('utf8', at + headerBytes, at + headerBytes + nameBytes - 1)
    const name = moduleNameOf(basename(member))
    if (name) modules.push({ name, path: `/${member}`, release: moduleRelease(archive.subarray(content, end)) })
    at = aligned(end)
  }
  return modules
}
