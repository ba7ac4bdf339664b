import { accessSync, constants, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { arch as hostArch, release } from 'node:os'
import { hostProcessor } from '../../machine/host-processor.ts'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { qemuVersion } from '../../machine/qemu-version.ts'
import { type Architecture, type ArchitectureName, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { type CacheUse, cached, cacheKey } from '../../platform/cache/cache.ts'
import { tryAccelerator } from './try-accelerator.ts'

export interface AcceleratorChoice {
  accelerator: Accelerator
  /** Why, in words for the report. */
  reason: string
}

const device = '/dev/kvm'

/** What tells whether KVM works here; tests have others. */
export interface AcceleratorTrials {
  deviceObstacle: (arch: ArchitectureName) => string | undefined
  tryAccelerator: typeof tryAccelerator
}

/**
 * Chooses the accelerator for guests of an architecture: the one place that does. KVM is taken only after a guest has really
 * started, been forked and been resumed under it: the device can exist, be writable, and still not run one. Throws
 * EnvironmentFault when `kvm` was requested and does not work.
 */
export async function chooseAccelerator(
  wanted: 'auto' | Accelerator,
  arch: ArchitectureName,
  use: CacheUse = {},
  trials: AcceleratorTrials = { deviceObstacle, tryAccelerator },
): Promise<AcceleratorChoice> {
  if (wanted === 'tcg') return { accelerator: 'tcg', reason: 'asked for by --accel tcg' }
  const obstacle = await kvmObstacle(arch, use, trials)
  if (obstacle === undefined)
    return { accelerator: 'kvm', reason: 'a guest started and was forked under KVM on this machine' }
  if (wanted === 'kvm') throw kvmRefusal(arch, obstacle)
  return { accelerator: 'tcg', reason: obstacle }
}

/** The refusal where KVM was requested and does not work. */
export const kvmRefusal = (arch: ArchitectureName, obstacle: string): EnvironmentFault =>
  new EnvironmentFault('E_NO_KVM', `--accel kvm does not work for ${arch} here: ${obstacle}. Use --accel tcg, or auto.`)

/** Why KVM does not run guests of this architecture here; undefined where one ran. */
export const kvmObstacle = async (
  arch: ArchitectureName,
  use: CacheUse = {},
  trials: AcceleratorTrials = { deviceObstacle, tryAccelerator },
): Promise<string | undefined> => trials.deviceObstacle(arch) ?? rememberedTrial(architectures[arch], use, trials)

/** Why KVM cannot run guests of this architecture here, as far as can be told without starting one; undefined if it may. */
export function deviceObstacle(arch: ArchitectureName): string | undefined {
  if (architectures[arch].node !== hostArch()) return `this machine is ${hostArch()}, the guest ${arch}`
  if (!existsSync(device)) return `there is no ${device}`
  return isWritable(device) ? undefined : `${device} is not writable for this user`
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Thrown while a trial is made, so that the cache keeps nothing of one that failed. */
class TrialFailed extends Error {}

/**
 * Why a guest did not start under KVM; undefined where one did. A success holds for this machine's processor, kernel and QEMU. A
 * failure holds for no longer than this call: the machine may have been busy.
 */
async function rememberedTrial(
  architecture: Architecture,
  use: CacheUse,
  trials: AcceleratorTrials,
): Promise<string | undefined> {
  const version = await qemuVersion(architecture)
  const key = cacheKey('kvm, forked and resumed', await machineId(), await hostProcessor(), release(), version)
  const make = async (making: string) => {
    const obstacle = await trials.tryAccelerator(architecture, 'kvm', making)
    if (obstacle !== undefined) throw new TrialFailed(obstacle)
  }
  try {
    await cached('probe', key, make, use)
    return undefined
  } catch (error) {
    if (error instanceof TrialFailed) return error.message
    throw error
  }
}

async function machineId(): Promise<string> {
  return existsSync('/etc/machine-id') ? readFile('/etc/machine-id', 'utf8') : ''
}

/**
 * Does work under the accelerator that was chosen. Where nobody demanded KVM and the environment fails under it all the same, it is
 * done again under TCG, with the reason; `isLast` tells that nothing comes after.
 */
export async function underAccelerator<T>(
  wanted: 'auto' | Accelerator,
  choice: AcceleratorChoice,
  work: (choice: AcceleratorChoice & { isLast: boolean }) => Promise<T>,
): Promise<T> {
  if (wanted === 'kvm' || choice.accelerator === 'tcg') return work({ ...choice, isLast: true })
  try {
    return await work({ ...choice, isLast: false })
  } catch (error) {
    if (!(error instanceof EnvironmentFault)) throw error
    return work({ accelerator: 'tcg', reason: `KVM was tried first: ${error.message.split('\n')[0]}`, isLast: true })
  }
}
