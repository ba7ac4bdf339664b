import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDisk, writeRootFileSystem } from '../guest/runner/contract-disks.ts'
import type { Domain, DomainAnswer } from '../guest/xen/domain.ts'
import type { DomainPlan } from '../guest/xen/domain-config.ts'
import { XenHost } from '../guest/xen/xen-host-guest.ts'
import { inputDiskMiB } from '../guest/xen/xen-template.ts'
import { EnvironmentFault } from '../model/faults.ts'
import type { BootEnvironment } from './shared-boot.ts'

/**
 * From a domain's first line to its end; 30 to 60 s under emulation. An image that needs x86-64-v3 took up to 485 s to its first output on
 * a machine that gave its guests less than half of their time.
 */
export const domainTimeoutMs = 900_000
/** Bounds a whole test from outside; what it awaits has a bound of its own and says more when that passes. */
export const domainTestTimeoutMs = 2_400_000

/** Forks this image's Xen host; its input disks hold the folders, or nothing. */
export async function forkHost(
  { coordinates, folder, lifetime }: BootEnvironment,
  contents: readonly [string?, string?],
): Promise<XenHost> {
  if (!coordinates.xen) throw new EnvironmentFault('E_SUITES', 'No Xen host was made for this suite.')
  const place = await mkdtemp(join(folder, 'host-'))
  const disks = await Promise.all([
    makeDisk(join(place, 'input-0'), inputDiskMiB, contents[0]),
    makeDisk(join(place, 'input-1'), inputDiskMiB, contents[1]),
  ])
  return XenHost.fork(coordinates.xen, disks, lifetime)
}

/** A root file system in a new folder. */
export async function rootFileSystem({ coordinates, folder }: BootEnvironment): Promise<string> {
  return writeRootFileSystem('alpine', coordinates.boot.arch, await mkdtemp(join(folder, 'root-')))
}

/** Creates the one domain of a host, which has the first of its input disks. */
export const createDomain = (
  host: XenHost,
  { lifetime }: BootEnvironment,
  request: DomainPlan['request'],
): Promise<Domain> => host.create({ name: 'container', request, input: 0 }, lifetime)

/**
 * Creates one domain on a host of its own, whose disk holds the folder, and awaits its answer. The host, which holds a gigabyte of
 * memory by then, is ended.
 */
export const runDomain = (
  environment: BootEnvironment,
  content: string,
  request: DomainPlan['request'],
): Promise<{ domain: Domain; answer: DomainAnswer }> =>
  environment.lifetime.within(async (lifetime) => {
    const own = { ...environment, lifetime }
    const domain = await createDomain(await forkHost(own, [content]), own, request)
    return { domain, answer: await domain.answer(domainTimeoutMs) }
  })
