import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { blobNames } from '../../contract/deployed.ts'
import { type ArchitectureName, architectureNames, architectures } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import type { BootFilePaths } from '../boot-files-beside.ts'
import type { BootFiles } from '../image-file.ts'
import { unlessVanished } from '../vanished.ts'
import { readInitramfsFile } from './initramfs-file.ts'
import { type KernelFile, readKernelFile } from './kernel-file.ts'

/** What the user brings for one architecture; what is missing comes from the boot kit. */
export interface UserBootFiles {
  kernel?: KernelFile
  initramfs?: string
}

/** What the command line says of them. */
export interface NamedBootFiles {
  architectures: readonly ArchitectureName[]
  kernel?: string
  initramfs?: string
  /** A folder with one for each architecture. */
  blobs?: string
}

export type UserBootFilesByArch = Partial<Record<ArchitectureName, UserBootFiles>>

/** Finds and checks the files of `--kernel`, `--initramfs` and `--blobs`. Throws CallFault for what is none. */
export async function readUserBootFiles(call: NamedBootFiles): Promise<UserBootFilesByArch> {
  if (call.blobs !== undefined) return readBlobs(call.blobs, call.architectures)
  const kernel = call.kernel === undefined ? undefined : await readKernelFile(call.kernel)
  const arch = kernel?.arch ?? onlyArchitecture(call)
  if (arch === undefined) return {}
  if (!call.architectures.includes(arch))
    throw new CallFault(
      `The kernel ${call.kernel} is for ${arch}, but --arch asks for ${call.architectures.join(', ')}.`,
    )
  if (call.initramfs !== undefined) await requireInitramfs(call.initramfs, arch)
  return { [arch]: { ...(kernel && { kernel }), ...(call.initramfs !== undefined && { initramfs: call.initramfs }) } }
}

/** Kernel and initramfs that lie beside an image. Throws CallFault for what is none, EnvironmentFault for what a build took away. */
export async function readFilesBeside({ kernel: kernelPath, initramfs }: BootFilePaths): Promise<UserBootFiles> {
  try {
    const kernel = await readKernelFile(kernelPath)
    await requireInitramfs(initramfs, kernel.arch)
    return { kernel, initramfs }
  } catch (error) {
    throw [kernelPath, initramfs].reduce((fault, path) => unlessVanished(path, fault), error as unknown)
  }
}

/** The kit's files with the user's in their place; the agent's initramfs is still the kit's. */
export const withUserFiles = (kit: BootFiles, user: UserBootFiles): BootFiles => ({
  arch: kit.arch,
  kernel: user.kernel?.path ?? kit.kernel,
  initramfs: user.initramfs ?? kit.initramfs,
  agentInitramfs: kit.agentInitramfs,
  kernelVersion: user.kernel?.version ?? kit.kernelVersion,
  origin: user.kernel || user.initramfs ? 'user' : 'kit',
})

function onlyArchitecture({ initramfs, architectures }: NamedBootFiles): ArchitectureName | undefined {
  if (initramfs === undefined) return undefined
  if (architectures.length > 1)
    throw new CallFault('--initramfs does not say its architecture: add --kernel FILE or --arch NAME.')
  return architectures[0]
}

async function readBlobs(folder: string, wanted: readonly ArchitectureName[]): Promise<UserBootFilesByArch> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new CallFault(`--blobs ${folder} is not a folder.`)
  const present = architectureNames.filter((name) => wanted.includes(name) && existsSync(join(folder, name)))
  if (present.length === 0) throw new CallFault(`--blobs ${folder} has no folder named ${wanted.join(' or ')}.`)
  const entries = present.map(async (name) => [name, await readBlobFolder(join(folder, name), name)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function readBlobFolder(folder: string, arch: ArchitectureName): Promise<UserBootFiles> {
  const initramfs = join(folder, blobNames.initramfs)
  const kernel = await readKernelFile(join(folder, architectures[arch].kernelFile))
  if (kernel.arch !== arch) throw new CallFault(`${kernel.path} is a kernel for ${kernel.arch}, not ${arch}.`)
  await requireInitramfs(initramfs, arch)
  return { kernel, initramfs }
}

async function requireInitramfs(path: string, wanted: ArchitectureName): Promise<void> {
  const { arch } = await readInitramfsFile(path)
  if (arch !== undefined && arch !== wanted)
    throw new CallFault(`The programs of the initramfs ${path} are for ${arch}, but it must boot ${wanted}.`)
}
