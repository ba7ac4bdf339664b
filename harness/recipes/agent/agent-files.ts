import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { linkageOf } from '../../inspect/programs/elf.ts'
import type { Architecture } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { readLibraries, readLibrary } from '../package-tree.ts'

export interface AgentFile {
  /** Name in the agent's folder: `qemu-ga`, `loader`, or a library's own. */
  name: string
  contents: Buffer
}

/** Reads QEMU's guest agent with all libraries it needs, and the loader that runs it in any root, from a package tree. */
export async function readAgent(tree: string, architecture: Architecture): Promise<AgentFile[]> {
  const agent = await readFile(join(tree, 'usr/sbin/qemu-ga'))
  const { loader: loaderPath } = linkageOf(agent)
  if (!loaderPath)
    throw new EnvironmentFault('E_BUILD', 'The guest agent in the Debian package is not a dynamic program.')
  const files = await readLibraries(tree, architecture, [agent])
  const loader = files.get(basename(loaderPath)) ?? (await readLibrary(tree, architecture, basename(loaderPath)))
  files.delete(basename(loaderPath))
  const others = [...files].map(([name, contents]) => ({ name, contents }))
  return [{ name: 'qemu-ga', contents: agent }, { name: 'loader', contents: loader }, ...others]
}
