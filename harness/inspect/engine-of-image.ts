import { engines } from '../contract/engines.ts'
import type { ImageFile } from '../image/image-file.ts'
import { readable } from '../image/readable.ts'
import { openSquashfs } from '../image/squashfs/squashfs.ts'
import { defaultEngine, type EngineName, engineNames } from '../model/engine.ts'
import type { Profile } from '../profile/profile.ts'
import { FileTree } from './file-tree.ts'
import { type InitScripts, readInitScripts } from './init/init-scripts.ts'
import type { InspectedImage } from './inspect-image.ts'
import { findUnusable } from './lookup.ts'

/** The engine by whose rules an image is judged, and what in the image speaks for it; no reason where it is the usual one. */
export interface EngineOfImage {
  engine: EngineName
  reason?: string
}

/**
 * The engine whose program the image has, be it executable or not: whether it can be run is a requirement's to say. An image with
 * several, or none, is taken for one of the engine that its init names.
 */
export function engineOfImage(
  { files, init }: Pick<InspectedImage, 'files' | 'init'>,
  initPath: string,
): EngineOfImage {
  const present = engineNames.filter((name) => findUnusable(files, engines[name].program, init.searchPath))
  const [engine, ...others] = present
  if (engine !== undefined && others.length === 0)
    return engine === defaultEngine ? { engine } : { engine, reason: `it has ${engines[engine].program}` }
  const named = engineOfInit(init, initPath)
  const programs = engineNames.map((name) => engines[name].program)
  const seen = present.length > 0 ? `it has ${programs.join(' and ')}` : `it has neither ${programs.join(' nor ')}`
  return { engine: named ?? defaultEngine, reason: `${seen}, and ${initReason(initPath, named)}` }
}

const initReason = (path: string, named: EngineName | undefined): string =>
  named === undefined ? `${path} does not tell which it is made for` : `${path} names ${engines[named].program}`

/** What init sources may be shared with images of other engines; its own text names one of them. */
function engineOfInit({ scripts }: InitScripts, path: string): EngineName | undefined {
  const text = scripts.find((script) => script.path === path)?.text.replace(/(^|\s)#.*$/gm, '$1') ?? ''
  const named = engineNames.filter((name) => new RegExp(`\\b${engines[name].program}\\b`).test(text))
  return named.length === 1 ? named[0] : undefined
}

/** The engine of an image that is not looked into otherwise. Throws CallFault for metadata that does not decode. */
export const readEngine = (file: ImageFile, init: Profile['init']): EngineName =>
  readable(file, () => {
    const squashfs = openSquashfs(file.path)
    try {
      const files = new FileTree(squashfs.tree, squashfs.content)
      return engineOfImage({ files, init: readInitScripts(files, init) }, init.path).engine
    } finally {
      squashfs.close()
    }
  })
