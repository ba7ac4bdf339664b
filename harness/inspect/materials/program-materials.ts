import { SquashfsDamage } from '../../image/squashfs/damage.ts'
import type { FileTree } from '../file-tree.ts'
import { type GoBuildInfo, readGoBuildInfo } from '../programs/go-build-info.ts'
import type { ElfFile } from '../programs/programs.ts'
import { type Material, maxMaterials, plainText } from './material.ts'
import { packageUrl } from './package-url.ts'

/** `e_type` of what can be run or loaded; object files and kernel modules have another. */
const loadableTypes = [2, 3]

/** A container host has five Go programs with some hundred modules each; an image of more than this is made to be a burden. */
const maxParts = 50_000

/** Programs and libraries by what their own headers say, and the Go modules that are linked into them. */
export function programMaterials(files: FileTree, elfFiles: ReadonlyMap<string, ElfFile>): Material[] {
  const programs: Material[] = []
  const modules: Material[] = []
  for (const file of elfFiles.values()) {
    if (!loadableTypes.includes(file.elf?.type ?? 0)) continue
    if (programs.length >= maxMaterials || modules.length >= maxParts) break
    const info = buildInfoOf(files, file)
    const parts = goModules(info).map(moduleMaterial)
    modules.push(...parts)
    programs.push({ ...describe(file, info), parts: parts.map(({ url }) => url) })
  }
  return [...programs, ...modules]
}

function describe({ path, elf }: ElfFile, info: GoBuildInfo | undefined): Omit<Material, 'parts'> {
  const fileName = plainText(path.slice(path.lastIndexOf('/') + 1))
  const isLibrary = elf?.interpreter === undefined && /\.so(\.|$)/.test(fileName)
  const name = plainText((isLibrary && elf?.dynamic?.soname) || fileName)
  const version = isLibrary ? /\.so\.(\d+(?:\.\d+)*)$/.exec(fileName)?.[1] : releaseOf(info?.modules[0]?.version)
  const url = packageUrl({ type: 'generic', namespace: '', name, version })
  const purpose = isLibrary ? 'LIBRARY' : 'APPLICATION'
  return { name, version, purpose, license: undefined, url, path: plainText(path) }
}

/** A build from a checkout calls itself `(devel)`. */
const releaseOf = (version: string | undefined): string | undefined =>
  version === undefined || version === '' || version === '(devel)' ? undefined : plainText(version)

function buildInfoOf(files: FileTree, { elf, entry }: ElfFile): GoBuildInfo | undefined {
  if (elf?.bits !== 64 || elf.endianness !== 'little') return undefined
  try {
    return readGoBuildInfo((offset, lengthBytes) => files.read(entry, offset, lengthBytes))
  } catch (error) {
    // Damage has a requirement of its own; here it only means that the program does not tell what is in it.
    if (error instanceof RangeError || error instanceof SquashfsDamage) return undefined
    throw error
  }
}

interface GoModule {
  path: string
  version: string
}

/** What is linked beside the main module; Go's own packages go by the name under which vulnerability databases have them. */
const goModules = (info: GoBuildInfo | undefined): GoModule[] =>
  info === undefined ? [] : [{ path: 'stdlib', version: info.goVersion.replace(/^go/, '') }, ...info.modules.slice(1)]

function moduleMaterial({ path, version: stated }: GoModule): Material {
  const version = releaseOf(stated)
  const modulePath = plainText(path)
  const slash = modulePath.lastIndexOf('/')
  const [namespace, name] = [modulePath.slice(0, Math.max(slash, 0)), modulePath.slice(slash + 1)]
  const url = packageUrl({ type: 'golang', namespace, name, version })
  return { name: modulePath, version, purpose: 'LIBRARY', license: undefined, url, path: undefined, parts: [] }
}
