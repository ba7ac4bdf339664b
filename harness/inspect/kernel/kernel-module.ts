import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { isElf, packingOf } from '../../image/file-magic.ts'

/** A kernel module that lies somewhere: in an initramfs, or in an image. */
export interface ModuleFile {
  /** As the kernel names it: underscores only. */
  name: string
  path: string
}

/** A module's name by its file name; undefined for what is none. */
export function moduleNameOf(fileName: string): string | undefined {
  const [, name] = /^([^/]+)\.ko(?:\.(?:gz|xz|zst))?$/.exec(fileName) ?? []
  return name?.replaceAll('-', '_')
}

/** Where modprobe looks, both ways in which distributions have it (modprobe(8), MODULE DIRECTORY). */
export const moduleFolders = ['/lib/modules', '/usr/lib/modules']

/** Names of the modules that modules.dep or modules.builtin lists, a path a line, in the one with a colon behind it (depmod(8)). */
export const listedModules = (text: string): ReadonlySet<string> =>
  new Set(text.split('\n').flatMap((line) => moduleNameOf(line.split(':')[0]?.split('/').at(-1) ?? '') ?? []))

/** The largest modules have 10 MiB unpacked. */
const maxModuleBytes = 64 * 1024 * 1024

/**
 * The release of the kernel that a module was made for, the first word of `vermagic` (kernel/module/main.c, same_magic).
 * Undefined where it is packed in a way not unpacked here, or has none.
 */
export function moduleRelease(file: Buffer): string | undefined {
  const module = unpackModule(file)
  const at = module?.indexOf('vermagic=', 0, 'latin1') ?? -1
  return at < 0 ? undefined : /^vermagic=(\S+)/.exec(module?.toString('latin1', at, at + 100) ?? '')?.[1]
}

/** A module as the kernel loads it; undefined where it is packed in a way not unpacked here. */
export function unpackModule(file: Buffer): Buffer | undefined {
  const options = { maxOutputLength: maxModuleBytes }
  const packing = packingOf(file)
  try {
    if (packing === 'zstd') return zstdDecompressSync(file, options)
    if (packing === 'gzip') return gunzipSync(file, options)
    return isElf(file) ? file : undefined
  } catch {
    return undefined
  }
}
