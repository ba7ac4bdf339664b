import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readerOf } from '../../inspect/programs/elf.ts'
import { findSection } from '../../inspect/programs/elf-section.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'

export interface KernelModule {
  /** As the kernel names it: underscores only. */
  name: string
  /** The uncompressed `.ko`. */
  contents: Buffer
  /** Names of the modules that must be loaded before it. */
  requires: readonly string[]
}

/** How a module's file is unpacked, by the end of its name; Debian 12 ships plain files, Debian 13 xz. */
const decompressors: Record<string, string | undefined> = { ko: undefined, xz: 'xz', zst: 'zstd', gz: 'gzip' }
const decompressTimeoutMs = 60_000

/** The kernel takes `-` and `_` in module names as the same (modprobe(8)). */
export const moduleName = (fileName: string): string => fileName.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_')

/** Modules to read; those of an optional entry are left out where the kernel does not have them. */
export interface WantedModules {
  modules: readonly string[]
  optional?: boolean
}

/**
 * Reads the wanted modules and all they depend on from a kernel's module folder, in an order in which they can be
 * loaded one after the other. Modules built into the kernel are left out; a missing one is an EnvironmentFault.
 */
export async function readModules(folder: string, wanted: readonly WantedModules[]): Promise<KernelModule[]> {
  const available = await listModules(folder)
  const names = wanted.flatMap(({ modules, optional }) =>
    modules.map(moduleName).filter((name) => !optional || available.files.has(name)),
  )
  const modules = new Map<string, KernelModule>()
  const awaited = [...names]
  for (let name = awaited.pop(); name !== undefined; name = awaited.pop()) {
    if (modules.has(name) || available.builtIn.has(name)) continue
    const module = await readModule(name, available, folder)
    modules.set(name, module)
    awaited.push(...module.requires)
  }
  return loadOrder(names, modules)
}

interface AvailableModules {
  files: ReadonlyMap<string, string>
  builtIn: ReadonlySet<string>
}

async function listModules(folder: string): Promise<AvailableModules> {
  const entries = await readdir(join(folder, 'kernel'), { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && /\.ko(\.\w+)?$/.test(entry.name))
    .map((entry): [string, string] => [moduleName(entry.name), join(entry.parentPath, entry.name)])
  const builtIn = (await readFile(join(folder, 'modules.builtin'), 'utf8')).split('\n').filter(Boolean)
  return { files: new Map(files), builtIn: new Set(builtIn.map((path) => moduleName(path.split('/').at(-1) ?? ''))) }
}

async function readModule(name: string, available: AvailableModules, folder: string): Promise<KernelModule> {
  const path = available.files.get(name)
  if (path === undefined)
    throw new EnvironmentFault('E_BUILD', `The kernel in ${folder} has no module "${name}", which the boot kit needs.`)
  const tool = decompressors[path.split('.').at(-1) ?? '']
  const options = { timeoutMs: decompressTimeoutMs }
  const contents = tool ? (await requireTool(tool, ['-dc', path], options)).stdout : await readFile(path)
  return { name, contents, requires: requiredModules(contents, available) }
}

/**
 * `depends` are the modules whose symbols it uses, `softdep` those it asks for when it is used. The latter may be
 * aliases (`crypto-crc32c`); those have their own entries in the table.
 */
function requiredModules(contents: Buffer, available: AvailableModules): string[] {
  const values = (key: string) => moduleInformation(contents, key)
  const hard = values('depends')
    .flatMap((value) => value.split(','))
    .filter(Boolean)
    .map(moduleName)
  const before = values('softdep').flatMap(
    (value) =>
      value
        .split(/ (?=post:)/)[0]
        ?.replace('pre:', '')
        .split(' ') ?? [],
  )
  const soft = before.map(moduleName).filter((name) => available.files.has(name))
  return [...hard, ...soft]
}

/** Values of a key of modinfo(8), in order; a key may occur more than once. */
function moduleInformation(contents: Buffer, key: string): string[] {
  const { offset, sizeBytes } = findSection(readerOf(contents), '.modinfo') ?? { offset: 0, sizeBytes: 0 }
  const entries = contents.toString('latin1', offset, offset + sizeBytes).split('\0')
  return entries.filter((entry) => entry.startsWith(`${key}=`)).map((entry) => entry.slice(key.length + 1))
}

/** Depth first, so that what a module requires comes before it; each module once; in the order of `names`. */
export function loadOrder<M extends Pick<KernelModule, 'name' | 'requires'>>(
  names: readonly string[],
  modules: ReadonlyMap<string, M>,
): M[] {
  const ordered = new Set<M>()
  const visit = (name: string, above: readonly string[]) => {
    const module = modules.get(name)
    if (!module || ordered.has(module)) return
    if (above.includes(name)) throw new Error(`Kernel modules depend on each other: ${[...above, name].join(' → ')}.`)
    for (const required of module.requires) visit(required, [...above, name])
    ordered.add(module)
  }
  for (const name of names) visit(name, [])
  return [...ordered]
}
