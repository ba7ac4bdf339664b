import { accessSync, constants, existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, arch as hostArch, release } from 'node:os'
import { join } from 'node:path'
import { type Architecture, architectures } from '../architecture.ts'
import { type CacheUse, cached, cacheKey } from '../cache/cache.ts'
import { EnvironmentFault } from '../faults.ts'
import type { BootFiles } from '../image/image-file.ts'
import { Lifetime } from '../process/lifetime.ts'
import { type Accelerator, contractShape } from './machine-shape.ts'
import { qemuVersion } from './qemu-version.ts'
import { awaitGuest, startGuest } from './start-guest.ts'

export interface AcceleratorChoice {
  accelerator: Accelerator
  /** Why, in words for the report. */
  reason: string
}

/** A working KVM prints the first console line within 1 s; TCG within 5 s. */
const probeTimeoutMs = 8_000
const device = '/dev/kvm'

/**
 * Chooses the accelerator for guests of an architecture. KVM is taken only after a guest has really started under it:
 * the device can exist, be writable, and still not run one. Throws EnvironmentFault when `kvm` is demanded in vain.
 */
export async function chooseAccelerator(
  wanted: 'auto' | Accelerator,
  boot: BootFiles,
  use: CacheUse = {},
): Promise<AcceleratorChoice> {
  if (wanted === 'tcg') return { accelerator: 'tcg', reason: 'asked for by --accel tcg' }
  const obstacle = await kvmObstacle(architectures[boot.arch], boot, use)
  if (obstacle === undefined) return { accelerator: 'kvm', reason: 'a guest started under KVM on this machine' }
  if (wanted === 'kvm')
    throw new EnvironmentFault(
      `--accel kvm does not work for ${boot.arch} here: ${obstacle}. Use --accel tcg, or auto.`,
    )
  return { accelerator: 'tcg', reason: obstacle }
}

/** Why KVM cannot run guests of this architecture here; undefined if it can. */
async function kvmObstacle(architecture: Architecture, boot: BootFiles, use: CacheUse): Promise<string | undefined> {
  if (hostNames[hostArch()] !== architecture.name)
    return `this machine is ${hostArch()}, the guest ${architecture.name}`
  if (!existsSync(device)) return `there is no ${device}`
  if (!isWritable(device)) return `${device} is not writable for this user`
  return rememberedProbe(architecture, boot, use)
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

/** The probe's answer holds for this machine's processor, kernel and QEMU. */
async function rememberedProbe(
  architecture: Architecture,
  boot: BootFiles,
  use: CacheUse,
): Promise<string | undefined> {
  const version = await qemuVersion(architecture)
  const key = cacheKey('kvm', await machineId(), cpus()[0]?.model ?? '', release(), version)
  const folder = await cached(
    'probe',
    key,
    async (making) => writeFile(join(making, 'obstacle'), (await probeKvm(architecture, boot)) ?? ''),
    use,
  )
  return (await readFile(join(folder, 'obstacle'), 'utf8')) || undefined
}

async function machineId(): Promise<string> {
  return existsSync('/etc/machine-id') ? readFile('/etc/machine-id', 'utf8') : ''
}

/** Starts the kit's kernel without any disk: its initramfs then says so on the console, which is all that is asked. */
async function probeKvm(architecture: Architecture, boot: BootFiles): Promise<string | undefined> {
  const lifetime = new Lifetime()
  try {
    const guest = await startGuest(
      {
        shape: { ...contractShape(architecture, 'kvm'), cpuCount: 1, memoryMiB: 256 },
        boot: { kernel: boot.kernel, initramfs: boot.initramfs, parameters: [] },
        devices: [],
      },
      lifetime,
    )
    const anyLine = guest.console.lineWhere((text) => text.trim() !== '')
    await awaitGuest(guest, 'the first line on the console', probeTimeoutMs, anyLine)
    return undefined
  } catch (error) {
    return `${device} is there, but a guest did not start under it (${(error as Error).message.split('\n')[0]})`
  } finally {
    await lifetime.end()
  }
}
