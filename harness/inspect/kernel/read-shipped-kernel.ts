import { readFile, stat } from 'node:fs/promises'
import { initramfsPacking } from '../../image/boot-files/initramfs-file.ts'
import type { UserBootFiles } from '../../image/boot-files/user-boot-files.ts'
import { pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import { type KernelText, type TextFile, textsBeside, textsInImage } from './beside-kernel.ts'
import { imageModules } from './image-modules.ts'
import { initramfsModules } from './initramfs-modules.ts'
import { configVersion, embeddedConfig, parseKernelConfig } from './kernel-config.ts'
import { listedModules, unpackModule } from './kernel-module.ts'
import { type ModulesArchive, modulesArchiveBeside } from './modules-archive.ts'
import type { KernelOfImage, ShippedInitramfs, ShippedKernel } from './shipped-kernel.ts'
import { unpackKernel } from './unpack-kernel.ts'

/** A kernel file larger than this is not looked into; those of distributions have 60 MiB at most. */
const maxKernelBytes = 256 * 1024 * 1024
/** configs.ko has 0.1 MiB. */
const maxModuleBytes = 4 * 1024 * 1024

/** Reads all that tells of the kernel that the user gave for an image: itself, what lies beside it, and what the image has of it. */
export async function readShippedKernel({ kernel, initramfs }: UserBootFiles, files: FileTree): Promise<KernelOfImage> {
  if (kernel === undefined) return { notRead: noKernel }
  const { path, version } = kernel
  const archive = await modulesArchiveBeside(path, version)
  const ofArchive = archive?.release === version ? textsOfArchive(archive) : {}
  const texts = (kind: KernelText) => [
    ...textsBeside(path, version, kind),
    ...textsInImage(files, version, kind),
    ...(ofArchive[kind] ?? []),
  ]
  return {
    path,
    version,
    config: await configOf(path, version, [...textsOfModule(files, version), ...texts('config')]),
    builtIn: builtInOf(texts('modules.builtin')),
    symbols: symbolsOf(texts('System.map')),
    archive: archive && { path: archive.path, release: archive.release, modules: archive.modules },
    initramfs: initramfs === undefined ? undefined : await initramfsOf(initramfs),
  }
}

/** Why nothing is known of a kernel where the user gave none. */
export const noKernel =
  'No kernel was given beside the image (--kernel, --blobs, or a folder that has one): the harness boots its own.'

async function configOf(path: string, version: string, texts: readonly TextFile[]): Promise<ShippedKernel['config']> {
  const own = await ownConfig(path)
  const candidates =
    own === undefined ? texts : [{ text: own, origin: 'the configuration in the kernel itself', isOwn: true }, ...texts]
  for (const { text, origin, isOwn } of candidates) {
    const options = isOwn || isFor(version, configVersion(text)) ? parseKernelConfig(text) : undefined
    if (options) return { options, origin }
  }
  return undefined
}

/**
 * A configuration of no name beside the kernel may be another kernel's: its version must fit, where both tell one. That of Debian 12
 * does not (6.1.187 for 6.1.0-56-amd64), but its file is named after the release.
 */
const isFor = (kernelVersion: string, version: string | undefined): boolean =>
  version === undefined ||
  kernelVersion === 'unknown' ||
  new RegExp(`^${version.replaceAll('.', '\\.')}(?!\\d)`).test(kernelVersion)

async function ownConfig(path: string): Promise<string | undefined> {
  const { size: sizeBytes } = await stat(path)
  const kernel = sizeBytes > maxKernelBytes ? undefined : await unpackKernel(await readFile(path))
  return kernel && embeddedConfig(kernel)
}

/** The configuration in configs.ko, where it is a module (CONFIG_IKCONFIG=m) and the image has it. */
function textsOfModule(files: FileTree, version: string): TextFile[] {
  const own = imageModules(files, version).folders.filter(({ release }) => release === version)
  return own.flatMap(({ modules }) => {
    const entry = modules.find(({ name }) => name === 'configs')?.entry
    if (entry === undefined || entry.inode.sizeBytes > maxModuleBytes) return []
    const bytes = files.readIfWhole(entry, 0, maxModuleBytes)
    const module = bytes && unpackModule(bytes)
    const text = module && embeddedConfig(module)
    return text === undefined ? [] : [{ text, origin: `${pathOf(entry)} of the image`, isOwn: true }]
  })
}

/** What the archive of this very kernel's modules tells of it. */
function textsOfArchive({ path, builtIn, configs }: ModulesArchive): Partial<Record<KernelText, TextFile[]>> {
  const module = configs && unpackModule(configs)
  const config = module && embeddedConfig(module)
  return {
    ...(config !== undefined && { config: [{ text: config, origin: `configs.ko of ${path}`, isOwn: true }] }),
    ...(builtIn !== undefined && {
      'modules.builtin': [{ text: builtIn, origin: `modules.builtin of ${path}`, isOwn: true }],
    }),
  }
}

function builtInOf([found]: readonly TextFile[]): ShippedKernel['builtIn'] {
  if (found === undefined) return undefined
  const modules = listedModules(found.text)
  return modules.size === 0 ? undefined : { modules, origin: found.origin }
}

function symbolsOf([found]: readonly TextFile[]): ShippedKernel['symbols'] {
  if (found === undefined) return undefined
  return new Set([...found.text.matchAll(/^[0-9a-f]+ [A-Za-z] (\S+)$/gm)].map(([, name = '']) => name))
}

const initramfsOf = async (path: string): Promise<ShippedInitramfs> => ({
  path,
  packing: await initramfsPacking(path),
  modules: await initramfsModules(path),
})
