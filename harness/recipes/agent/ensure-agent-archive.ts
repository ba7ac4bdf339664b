import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import { type BuildOptions, defaultRelease } from '../build-options.ts'
import { downloadPackages, unpackPackages } from '../debian-packages.ts'
import { busyboxOf } from '../package-tree.ts'
import { packAgentArchive } from './agent-archive.ts'
import { readAgent } from './agent-files.ts'

const fileName = 'agent.cpio'

/**
 * Returns the archive that brings the harness's agent into an initramfs, for guests whose kernel and initramfs are both the user's:
 * of the boot kit they need nothing else, and a kernel package is a hundred times as large. Throws EnvironmentFault when it
 * cannot be built.
 */
export async function ensureAgentArchive(arch: ArchitectureName, options: BuildOptions = {}): Promise<string> {
  const release = options.release ?? defaultRelease
  const key = cacheKey('agent', arch, release, ...(await sourceTexts('harness/recipes/*', 'harness/recipes/agent/**')))
  const make = (folder: string) => build(arch, release, folder, options)
  return join(await cached('agent', key, make, options), fileName)
}

async function build(arch: ArchitectureName, release: string, folder: string, options: BuildOptions): Promise<void> {
  options.progress?.(`agent ${arch}: unpacking busybox and guest agent of Debian ${release}`)
  const architecture = architectures[arch]
  const work = join(folder, 'work')
  const tree = join(work, 'tree')
  const packages = ['busybox-static', 'qemu-guest-agent']
  await unpackPackages(await downloadPackages({ arch: architecture, release, packages }, work), tree)
  const archive = await packAgentArchive({
    busybox: await busyboxOf(tree),
    agent: await readAgent(tree, architecture),
  })
  await writeFile(join(folder, fileName), archive)
  await rm(work, { recursive: true })
}
