import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Architecture, type ArchitectureName, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import { readModules } from '../boot-kit/kernel-modules.ts'
import { type BuildOptions, defaultRelease } from '../build-options.ts'
import { downloadPackages, unpackPackages } from '../debian-packages.ts'
import { busyboxOf, kernelOf, onlyKernel, readLibraries } from '../package-tree.ts'
import { packHostInitramfs } from './host-initramfs.ts'
import { hostModules } from './modules.ts'

/** What starts Xen and its first domain, dom0, from which others are created. Paths on the host. */
export interface XenHostFiles {
  hypervisor: string
  kernel: string
  initramfs: string
  /** Such as `4.20`. */
  version: string
}

/** Programs of Debian's xen-utils-VERSION; the others are in packages without a version in their name. */
const xenPrograms = ['xl', 'xenstored', 'xenconsoled', 'xen-init-dom0'] as const
/** One program by several names, of which it does what the name says (tools/xenstore/xenstore_client.c). */
const storeProgram = 'usr/bin/xenstore'
const agentProgram = 'usr/sbin/qemu-ga'
/** Opened by glibc when a thread is cancelled, as xl does when a domain has been created. */
const openedLibraries = ['libgcc_s.so.1']

/**
 * Returns the files of a Xen host: built from Debian packages on first use, then taken from the cache. Throws EnvironmentFault
 * when they cannot be built.
 */
export async function ensureXenHost(arch: ArchitectureName, options: BuildOptions = {}): Promise<XenHostFiles> {
  const release = options.release ?? defaultRelease
  const architecture = architectures[arch]
  const sources = await sourceTexts('harness/recipes/*', 'harness/recipes/{boot-kit,xen-host}/**')
  const key = cacheKey('xen-host', arch, release, ...sources)
  const folder = await cached('xen-host', key, (making) => build(architecture, release, making, options), options)
  return {
    hypervisor: join(folder, 'xen'),
    kernel: join(folder, architecture.kernelFile),
    initramfs: join(folder, 'initramfs.cpio.gz'),
    version: await readFile(join(folder, 'version'), 'utf8'),
  }
}

async function build(arch: Architecture, release: string, folder: string, options: BuildOptions): Promise<void> {
  const work = join(folder, 'work')
  options.progress?.(`Xen host ${arch.name}: unpacking hypervisor, tools and kernel of Debian ${release}`)
  const packages = [`xen-system-${arch.debian}`, `linux-image-${arch.debian}`, 'busybox-static', 'qemu-guest-agent']
  const tree = join(work, 'tree')
  await unpackPackages(await downloadPackages({ arch, release, packages }, work), tree)
  options.progress?.(`Xen host ${arch.name}: packing the initramfs of dom0`)
  const kernel = await onlyKernel(tree)
  const tools = await onlyTools(tree)
  await writeFile(
    join(folder, 'initramfs.cpio.gz'),
    packHostInitramfs({
      ...(await readPrograms(tree, arch, tools.folder)),
      loader: arch.loader,
      triplet: arch.triplet,
      kernelVersion: kernel.version,
      modules: await readModules(kernel.modules, hostModules),
    }),
  )
  const hypervisor = await readFile(join(tree, `boot/xen-${tools.version}-${arch.debian}.gz`))
  await writeFile(join(folder, 'xen'), gunzipSync(hypervisor))
  await copyFile(kernelOf(tree, kernel.version), join(folder, arch.kernelFile))
  await writeFile(join(folder, 'version'), tools.version)
  await rm(work, { recursive: true })
}

/** The one version of Xen's tools in the tree, and their folder, which is named by it. */
async function onlyTools(tree: string): Promise<{ version: string; folder: string }> {
  const versions = (await readdir(join(tree, 'usr/lib'))).flatMap((name) => /^xen-(\d+\.\d+)$/.exec(name)?.[1] ?? [])
  const [version, ...others] = versions
  if (version === undefined || others.length > 0)
    throw new EnvironmentFault(
      'E_BUILD',
      `The Debian packages of Xen hold ${versions.length} versions of its tools, expected one.`,
    )
  return { version, folder: join(tree, `usr/lib/xen-${version}/bin`) }
}

async function readPrograms(tree: string, arch: Architecture, tools: string) {
  const paths = [...xenPrograms.map((name) => join(tools, name)), join(tree, storeProgram), join(tree, agentProgram)]
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const libraries = await readLibraries(tree, arch, contents, openedLibraries)
  return {
    busybox: await busyboxOf(tree),
    programs: new Map(paths.map((path, index) => [basename(path), contents[index] as Buffer])),
    libraries,
  }
}
