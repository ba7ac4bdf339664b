import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Architecture } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { interpreter, neededLibraries, readElf } from '../elf-object.ts'

export interface AgentFile {
  /** Name in the agent's folder: `qemu-ga`, `loader`, or a library's own. */
  name: string
  contents: Buffer
}

/** Reads QEMU's guest agent with all libraries it needs, and the loader that runs it in any root, from a package tree. */
export async function readAgent(tree: string, architecture: Architecture): Promise<AgentFile[]> {
  const agent = await readFile(join(tree, 'usr/sbin/qemu-ga'))
  const loaderPath = interpreter(readElf(agent))
  if (!loaderPath) throw new EnvironmentFault('The guest agent in the Debian package is not a dynamic program.')
  const files = new Map<string, Buffer>()
  const awaited = neededLibraries(readElf(agent))
  for (let name = awaited.pop(); name !== undefined; name = awaited.pop()) {
    if (files.has(name)) continue
    const contents = await readLibrary(tree, architecture, name)
    files.set(name, contents)
    awaited.push(...neededLibraries(readElf(contents)))
  }
  const loader = files.get(basename(loaderPath)) ?? (await readLibrary(tree, architecture, basename(loaderPath)))
  files.delete(basename(loaderPath))
  const libraries = [...files].map(([name, contents]) => ({ name, contents }))
  return [{ name: 'qemu-ga', contents: agent }, { name: 'loader', contents: loader }, ...libraries]
}

/** Debian 12 keeps some libraries in /lib, Debian 13 all in /usr/lib. */
async function readLibrary(tree: string, { triplet }: Architecture, name: string): Promise<Buffer> {
  const folders = [`usr/lib/${triplet}`, `lib/${triplet}`]
  const path = folders.map((folder) => join(tree, folder, name)).find((candidate) => existsSync(candidate))
  if (!path) throw new EnvironmentFault(`The guest agent needs ${name}, which none of its Debian packages holds.`)
  return readFile(path)
}
