import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { linkageOf } from '../inspect/programs/elf.ts'
import type { Architecture } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'

/** The one kernel of a tree of unpacked packages: its folder of modules, and its version, which names that folder. */
export async function onlyKernel(tree: string): Promise<{ version: string; modules: string }> {
  const kindFolder = firstExisting(tree, ['usr/lib/modules', 'lib/modules'])
  const [version, ...others] = await readdir(kindFolder)
  if (version === undefined || others.length > 0)
    throw new EnvironmentFault(
      'E_BUILD',
      `The Debian kernel packages hold ${others.length + (version ? 1 : 0)} kernels, expected one.`,
    )
  return { version, modules: join(kindFolder, version) }
}

/** Debian 14 keeps the kernel beside its modules, earlier ones in /boot. */
export const kernelOf = (tree: string, version: string): string =>
  firstExisting(tree, [`boot/vmlinuz-${version}`, `usr/lib/modules/${version}/vmlinuz`])

/** Static busybox. Debian 12 unpacks into /bin, Debian 13 into /usr. */
export const busyboxOf = (tree: string): Promise<Buffer> =>
  readFile(firstExisting(tree, ['usr/bin/busybox', 'bin/busybox']))

/** Debian 12 unpacks into /bin and /lib, Debian 13 into /usr. */
function firstExisting(tree: string, paths: readonly string[]): string {
  const path = paths.map((candidate) => join(tree, candidate)).find((candidate) => existsSync(candidate))
  if (path === undefined) throw new EnvironmentFault('E_BUILD', `The Debian packages hold none of ${paths.join(', ')}.`)
  return path
}

/** All libraries that programs of a tree need, by their names, and those named beside them, which a library opens by itself. */
export async function readLibraries(
  tree: string,
  architecture: Architecture,
  programs: readonly Buffer[],
  opened: readonly string[] = [],
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const awaited = [...opened, ...programs.flatMap((program) => linkageOf(program).libraries)]
  for (let name = awaited.pop(); name !== undefined; name = awaited.pop()) {
    if (files.has(name)) continue
    const contents = await readLibrary(tree, architecture, name)
    files.set(name, contents)
    awaited.push(...linkageOf(contents).libraries)
  }
  return files
}

/** Debian 12 keeps some libraries in /lib, Debian 13 all in /usr/lib. */
export function readLibrary(tree: string, { triplet }: Architecture, name: string): Promise<Buffer> {
  return readFile(firstExisting(tree, [`usr/lib/${triplet}/${name}`, `lib/${triplet}/${name}`]))
}
