import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootFiles } from '../../image/image-file.ts'
import { type Architecture, type ArchitectureName, architectures } from '../../model/architecture.ts'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import { packAgentArchive } from '../agent/agent-archive.ts'
import { readAgent } from '../agent/agent-files.ts'
import { type BuildOptions, defaultRelease } from '../build-options.ts'
import { downloadPackages, requireReleaseName, unpackPackages } from '../debian-packages.ts'
import { busyboxOf, kernelOf, onlyKernel } from '../package-tree.ts'
import { packInitramfs } from './initramfs.ts'
import { type KernelModule, readModules } from './kernel-modules.ts'
import { deviceModules, networkModules, rootModules, xenModules } from './modules.ts'

/** The `/init` of the kit's initramfs. */
export const initramfsScript = new URL('init', import.meta.url)

/** Kernel and initramfs from Debian packages, and what brings the agent into any other initramfs. */
export interface BootKit extends BootFiles {
  agentArchive: string
}

/**
 * Returns kernel and initramfs that boot an image of this architecture: built from Debian packages on first use, then
 * taken from the cache. Throws CallFault for an impossible release name, EnvironmentFault when they cannot be built.
 */
export async function ensureBootKit(arch: ArchitectureName, options: BuildOptions = {}): Promise<BootKit> {
  const release = options.release ?? defaultRelease
  requireReleaseName(release)
  const architecture = architectures[arch]
  const sources = await sourceTexts('harness/recipes/*', 'harness/recipes/{boot-kit,agent}/**')
  const key = cacheKey('kit', arch, release, ...sources)
  const folder = await cached('kit', key, (making) => build(architecture, release, making, options), options)
  return {
    arch,
    kernel: join(folder, architecture.kernelFile),
    initramfs: join(folder, 'initramfs.cpio.gz'),
    agentInitramfs: join(folder, 'initramfs-with-agent'),
    agentArchive: join(folder, 'agent.cpio'),
    kernelVersion: await readFile(join(folder, 'kernel-version'), 'utf8'),
    origin: 'kit',
  }
}

async function build(arch: Architecture, release: string, folder: string, options: BuildOptions): Promise<void> {
  const work = join(folder, 'work')
  options.progress?.(`boot kit ${arch.name}: unpacking kernel, busybox and guest agent of Debian ${release}`)
  const packages = [`linux-image-${arch.debian}`, 'busybox-static', 'qemu-guest-agent']
  const tree = join(work, 'tree')
  await unpackPackages(await downloadPackages({ arch, release, packages }, work), tree)
  options.progress?.(`boot kit ${arch.name}: packing the initramfs`)
  const { version, modules } = await onlyKernel(tree)
  const busybox = await busyboxOf(tree)
  const initramfs = packInitramfs({
    busybox,
    init: await readFile(initramfsScript),
    kernelVersion: version,
    moduleGroups: await readModuleGroups(modules),
  })
  const agentArchive = await packAgentArchive({ busybox, agent: await readAgent(tree, arch) })
  await writeFile(join(folder, 'initramfs.cpio.gz'), initramfs)
  await writeFile(join(folder, 'agent.cpio'), agentArchive)
  await writeFile(join(folder, 'initramfs-with-agent'), Buffer.concat([agentArchive, initramfs]))
  await copyFile(kernelOf(tree, version), join(folder, arch.kernelFile))
  await writeFile(join(folder, 'kernel-version'), version)
  await rm(work, { recursive: true })
}

/** Device and network modules are loaded side by side, after the root's: what both need moves to the root's. */
async function readModuleGroups(folder: string): Promise<Record<string, KernelModule[]>> {
  const [devices, network] = [await readModules(folder, deviceModules), await readModules(folder, networkModules)]
  const networkNames = new Set(network.map((module) => module.name))
  const shared = devices.filter((module) => networkNames.has(module.name))
  const root = withoutModules([...(await readModules(folder, rootModules)), ...shared], [])
  return {
    root,
    xen: withoutModules(await readModules(folder, xenModules), root),
    devices: withoutModules(devices, root),
    network: withoutModules(network, root),
  }
}

/** Each module once, in order, without those loaded before. */
function withoutModules(modules: readonly KernelModule[], loaded: readonly KernelModule[]): KernelModule[] {
  const loadedNames = new Set(loaded.map((module) => module.name))
  const byName = new Map(modules.map((module) => [module.name, module]))
  return [...byName.values()].filter((module) => !loadedNames.has(module.name))
}
