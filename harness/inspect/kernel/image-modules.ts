import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import { moduleFolders, moduleNameOf } from './kernel-module.ts'

/** The folder of one release's modules in an image. */
export interface ModuleFolder {
  release: string
  path: string
  modules: readonly { name: string; entry: Entry }[]
}

export interface ImageModules {
  folders: readonly ModuleFolder[]
  /** Names of those that lie where this kernel looks for its modules. */
  ofKernel: ReadonlySet<string>
}

/** The kernel modules of an image, by the release of the kernel whose folder they lie in. */
export function imageModules(files: FileTree, kernelVersion: string): ImageModules {
  const folders = new Map<Entry, ModuleFolder>()
  for (const entry of moduleFolders.flatMap((folder) => files.list(folder)))
    if (entry.children) folders.set(entry, { release: entry.name, path: pathOf(entry), modules: modulesBelow(entry) })
  const all = [...folders.values()]
  const ofKernel = kernelVersion === 'unknown' ? all : all.filter(({ release }) => release === kernelVersion)
  return { folders: all, ofKernel: new Set(ofKernel.flatMap(({ modules }) => modules.map(({ name }) => name))) }
}

function modulesBelow(folder: Entry): { name: string; entry: Entry }[] {
  const modules: { name: string; entry: Entry }[] = []
  const waiting = [folder]
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const entry of next.children?.values() ?? []) {
      const name = moduleNameOf(entry.name)
      if (entry.children) waiting.push(entry)
      else if (name) modules.push({ name, entry })
    }
  return modules
}
