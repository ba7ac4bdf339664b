import { accessSync, constants, existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { arch as hostArch, release } from 'node:os'
import { join } from 'node:path'
import { type Architecture, type ArchitectureName, architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { type CacheUse, cached, cacheKey } from '../platform/cache/cache.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { ensureBootKit } from '../recipes/boot-kit/boot-kit.ts'
import { hostProcessor } from './host-processor.ts'
import { type Accelerator, contractShape } from './machine-shape.ts'
import { qemuVersion } from './qemu-version.ts'
import { awaitGuest, type RunningGuest } from './start-guest.ts'
import { fork, freeze, startTemplateGuest } from './template.ts'

export interface AcceleratorChoice {
  accelerator: Accelerator
  /** Why, in words for the report. */
  reason: string
}

/** A working KVM prints a line on the console within 1 s, TCG within 5 s; each of two lines has this bound. */
const probeTimeoutMs = 8_000
const device = '/dev/kvm'

/**
 * Chooses the accelerator for guests of an architecture. KVM is taken only after a guest has really started and been forked
 * under it: the device can exist, be writable, and still not run one. Throws EnvironmentFault when `kvm` is demanded in vain.
 */
export async function chooseAccelerator(
  wanted: 'auto' | Accelerator,
  arch: ArchitectureName,
  use: CacheUse = {},
): Promise<AcceleratorChoice> {
  if (wanted === 'tcg') return { accelerator: 'tcg', reason: 'asked for by --accel tcg' }
  const obstacle = deviceObstacle(arch) ?? (await rememberedProbe(architectures[arch], use))
  if (obstacle === undefined)
    return { accelerator: 'kvm', reason: 'a guest started and was forked under KVM on this machine' }
  if (wanted === 'kvm')
    throw new EnvironmentFault(`--accel kvm does not work for ${arch} here: ${obstacle}. Use --accel tcg, or auto.`)
  return { accelerator: 'tcg', reason: obstacle }
}

/** Why KVM cannot run guests of this architecture here, as far as can be told without starting one; undefined if it may. */
export function deviceObstacle(arch: ArchitectureName): string | undefined {
  if (hostNames[hostArch()] !== arch) return `this machine is ${hostArch()}, the guest ${arch}`
  if (!existsSync(device)) return `there is no ${device}`
  return isWritable(device) ? undefined : `${device} is not writable for this user`
}

const hostNames: Partial<Record<string, Architecture['name']>> = { x64: 'x86_64', arm64: 'aarch64' }

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Thrown while a probe is made, so that the cache keeps nothing of one that failed. */
class ProbeFailed extends Error {}

/**
 * Why a guest did not start under KVM; undefined where one did. A success holds for this machine's processor, kernel and QEMU. A
 * failure holds for no longer than this call: the machine may have been busy.
 */
async function rememberedProbe(architecture: Architecture, use: CacheUse): Promise<string | undefined> {
  const version = await qemuVersion(architecture)
  const key = cacheKey('kvm', await machineId(), await hostProcessor(), release(), version)
  const make = async (making: string) => {
    const obstacle = await probe(architecture, 'kvm', making)
    if (obstacle !== undefined) throw new ProbeFailed(obstacle)
  }
  try {
    await cached('probe', key, make, use)
    return undefined
  } catch (error) {
    if (error instanceof ProbeFailed) return error.message
    throw error
  }
}

async function machineId(): Promise<string> {
  return existsSync('/etc/machine-id') ? readFile('/etc/machine-id', 'utf8') : ''
}

/**
 * Why an accelerator does not do what templates need of it; undefined where it does. A guest of the kit's kernel, which
 * prints what it does, is started without any disk, stopped at its first line, written into the folder, and gone on with.
 */
export async function probe(
  architecture: Architecture,
  accelerator: Accelerator,
  folder: string,
): Promise<string | undefined> {
  const { kernel, initramfs } = await ensureBootKit(architecture.name)
  const shape = { ...contractShape(architecture, accelerator), cpuCount: 1, memoryMiB: 256 }
  const plan = { shape, boot: { kernel, initramfs, parameters: [] }, devices: [] }
  const lifetime = new Lifetime()
  let step = 'start'
  try {
    const guest = await startTemplateGuest(plan, folder, [], lifetime)
    await awaitAnyLine(guest)
    step = 'be stopped and kept'
    const template = await freeze(guest, plan, folder)
    step = 'go on in a fork'
    await awaitAnyLine(await fork(template, [], lifetime))
    return undefined
  } catch (error) {
    return `a guest could not ${step} under ${accelerator} (${(error as Error).message.split('\n')[0]})`
  } finally {
    await lifetime.end()
    for (const name of ['memory', 'state']) await rm(join(folder, name), { force: true })
  }
}

const awaitAnyLine = (guest: RunningGuest) =>
  awaitGuest(
    guest,
    'a line on the console',
    probeTimeoutMs,
    guest.console.lineWhere((text) => text.trim() !== ''),
  )
