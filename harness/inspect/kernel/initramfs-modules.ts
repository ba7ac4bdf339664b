import { basename } from 'node:path'
import { cpioMembers } from '../../image/boot-files/cpio-members.ts'
import { initramfsArchive, unpackedBytes } from '../../image/boot-files/initramfs-file.ts'
import { type ModuleFile, moduleNameOf, moduleRelease } from './kernel-module.ts'

/** A module of an initramfs, with the release that it is for where it tells. */
export interface InitramfsModule extends ModuleFile {
  release: string | undefined
}

/**
 * All modules of an initramfs, or undefined where they are not all known: it does not unpack here, is larger than what is looked
 * at, or has another archive behind its own.
 */
export async function initramfsModules(path: string): Promise<InitramfsModule[] | undefined> {
  const archive = await initramfsArchive(path)
  return archive === undefined || archive.length >= unpackedBytes ? undefined : modulesOf(archive)
}

/** The modules of archives that stand one behind the other, as the kernel unpacks them; undefined where something else follows. */
export const modulesOf = (archive: Buffer): InitramfsModule[] | undefined =>
  cpioMembers(archive)?.flatMap(({ name: member, contents }) => {
    const name = moduleNameOf(basename(member))
    return name === undefined ? [] : [{ name, path: `/${member}`, release: moduleRelease(contents) }]
  })
