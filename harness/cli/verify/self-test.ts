import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deviceObstacle, kvmRefusal } from '../../guest/prepare/accelerator.ts'
import { tryAccelerator } from '../../guest/prepare/try-accelerator.ts'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { openRunFolder } from '../../platform/process/run-folder.ts'
import { admitQemu } from '../admit-qemu.ts'
import type { SelfTestCall } from '../verify-call.ts'

/** What a self-test asks of the machine; tests have others. */
export interface SelfTestParts {
  deviceObstacle: (arch: ArchitectureName) => string | undefined
  tryAccelerator: typeof tryAccelerator
  admitQemu: typeof admitQemu
  print: (line: string) => void
}

const parts: SelfTestParts = {
  deviceObstacle,
  tryAccelerator,
  admitQemu,
  print: (line) => void process.stdout.write(`${line}\n`),
}

/**
 * Proves on this machine, in plain words, what every run builds on: that guests start, are kept, forked and resumed. KVM is tried
 * first, and TCG where KVM does not do it. Throws EnvironmentFault where the accelerator that was asked for, or every one, fails.
 */
export async function runSelfTest(options: SelfTestCall, lifetime: Lifetime, use = parts): Promise<number> {
  await use.admitQemu(options.sandbox, options.architectures, use.print)
  const folder = await openRunFolder(lifetime)
  for (const arch of options.architectures) {
    const own = join(folder, arch)
    await mkdir(own)
    await testArchitecture(arch, options.accelerator, own, use)
  }
  return 0
}

async function testArchitecture(
  arch: ArchitectureName,
  wanted: SelfTestCall['accelerator'],
  folder: string,
  use: SelfTestParts,
): Promise<void> {
  const obstacle = wanted === 'tcg' ? 'it was not asked for' : use.deviceObstacle(arch)
  const kvm = obstacle ?? (await tryTold(arch, 'kvm', folder, use))
  if (kvm === undefined) return use.print(`${arch}: guests run under KVM.`)
  use.print(`${arch}: not under KVM: ${kvm}.`)
  if (wanted === 'kvm') throw kvmRefusal(arch, kvm)
  const tcg = await tryTold(arch, 'tcg', folder, use)
  if (tcg !== undefined)
    throw new EnvironmentFault(
      'E_NO_QEMU',
      `No guest of ${arch} runs here: ${tcg}. Is QEMU whole, and is there space in ${folder}?`,
    )
  use.print(`${arch}: guests run under TCG, which emulates their processor: several times slower than KVM.`)
}

async function tryTold(
  arch: ArchitectureName,
  accelerator: Accelerator,
  folder: string,
  { tryAccelerator: attempt, print }: SelfTestParts,
): Promise<string | undefined> {
  print(`${arch}: trying ${accelerator.toUpperCase()}`)
  const tell = (step: string, elapsedMs: number) => print(`  ok  ${(elapsedMs / 1000).toFixed(1)} s  ${step}`)
  return attempt(architectures[arch], accelerator, folder, { tell })
}
