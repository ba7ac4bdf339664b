import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { linkageOf } from '../../inspect/programs/elf.ts'
import type { Architecture } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'

export interface AgentFile {
  /** Name in the agent's folder: `qemu-ga`, `loader`, or a library's own. */
  name: string
  contents: Buffer
}

/** Reads QEMU's guest agent with all libraries it needs, and the loader that runs it in any root, from a package tree. */
export async function readAgent(tree: string, architecture: Architecture): Promise<AgentFile[]> {
  const agent = await readFile(join(tree, 'usr/sbin/qemu-ga'))
  const { loader: loaderPath, libraries } = linkageOf(agent)
  if (!loaderPath)
    throw new EnvironmentFault('E_BUILD', 'The guest agent in the Debian package is not a dynamic program.')
  const files = new Map<string, Buffer>()
  const awaited = [...libraries]
  for (let name = awaited.pop(); name !== undefined; name = awaited.pop()) {
    if (files.has(name)) continue
    const contents = await readLibrary(tree, architecture, name)
    files.set(name, contents)
    awaited.push(...linkageOf(contents).libraries)
  }
  const loader = files.get(basename(loaderPath)) ?? (await readLibrary(tree, architecture, basename(loaderPath)))
  files.delete(basename(loaderPath))
  const others = [...files].map(([name, contents]) => ({ name, contents }))
  return [{ name: 'qemu-ga', contents: agent }, { name: 'loader', contents: loader }, ...others]
}

/** Debian 12 keeps some libraries in /lib, Debian 13 all in /usr/lib. */
async function readLibrary(tree: string, { triplet }: Architecture, name: string): Promise<Buffer> {
  const folders = [`usr/lib/${triplet}`, `lib/${triplet}`]
  const path = folders.map((folder) => join(tree, folder, name)).find((candidate) => existsSync(candidate))
  if (!path)
    throw new EnvironmentFault('E_BUILD', `The guest agent needs ${name}, which none of its Debian packages holds.`)
  return readFile(path)
}
