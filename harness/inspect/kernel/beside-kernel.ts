import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileTree } from '../file-tree.ts'

/** What a build leaves beside a kernel, or installs with it. */
export type KernelText = 'config' | 'modules.builtin' | 'System.map'

export interface TextFile {
  text: string
  /** Where it was found, for people. */
  origin: string
  /** Its name, or where it lies, says that it is this kernel's. */
  isOwn: boolean
}

/** System.map of a distribution's kernel has 8 MiB. */
const maxTextBytes = 32 * 1024 * 1024

/** Names that builds give to them: the kernel's own, those of distributions with the release, and those of bitbake with the kernel's name. */
const namesBeside: Readonly<Record<KernelText, readonly string[]>> = {
  config: ['config', '.config', 'kernel-config', 'config-VERSION', 'config-*', '*.config'],
  'modules.builtin': ['modules.builtin', 'modules.builtin-VERSION', 'lib/modules/VERSION/modules.builtin'],
  'System.map': ['System.map', 'System.map-VERSION', 'System.map-*'],
}

/** Those that lie beside a kernel on the host, the ones named after its release first. */
export function textsBeside(kernel: string, version: string, kind: KernelText): TextFile[] {
  const folder = dirname(kernel)
  const names = namesBeside[kind].flatMap((name) => {
    if (name.includes('*')) return globSync(name, { cwd: folder }).sort()
    return name.includes('VERSION') && version === 'unknown' ? [] : [name.replace('VERSION', version)]
  })
  return [...new Set(names)].flatMap((name) => readText(join(folder, name), name.includes(version)))
}

function readText(path: string, isOwn: boolean): TextFile[] {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() && found.size <= maxTextBytes
    ? [{ text: readFileSync(path, 'latin1'), origin: path, isOwn }]
    : []
}

/** Where an image keeps them, by the release of its kernel; Debian from 14 on has the configuration beside the modules. */
const placesInImage: Readonly<Record<KernelText, readonly string[]>> = {
  config: ['/boot/config-VERSION', '/lib/modules/VERSION/config', '/usr/lib/modules/VERSION/config'],
  'modules.builtin': ['/lib/modules/VERSION/modules.builtin', '/usr/lib/modules/VERSION/modules.builtin'],
  'System.map': ['/boot/System.map-VERSION', '/lib/modules/VERSION/System.map', '/usr/lib/modules/VERSION/System.map'],
}

/** Those that the image has of this very kernel. */
export function textsInImage(files: FileTree, version: string, kind: KernelText): TextFile[] {
  if (version === 'unknown') return []
  return placesInImage[kind]
    .map((place) => place.replace('VERSION', version))
    .flatMap((path) => {
      const entry = files.findFile(path)
      if (entry === undefined || entry.inode.sizeBytes > maxTextBytes) return []
      const text = files.readIfWhole(entry, 0, maxTextBytes)?.toString('latin1')
      return text === undefined ? [] : [{ text, origin: `${path} of the image`, isOwn: true }]
    })
}
