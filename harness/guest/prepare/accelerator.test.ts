import { mkdtemp, rm } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { chooseAccelerator, probe } from './accelerator.ts'

/** The kits may have to be built, and each step of a probe may take its whole 8 s. */
const timeoutMs = 600_000

const [own, foreign]: [ArchitectureName, ArchitectureName] =
  arch() === 'arm64' ? ['aarch64', 'x86_64'] : ['x86_64', 'aarch64']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'accelerator-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('software emulation that was asked for is taken without a probe', async () => {
  expect(await chooseAccelerator('tcg', own)).toEqual({ accelerator: 'tcg', reason: 'asked for by --accel tcg' })
})

test('a guest of another architecture is always emulated, and KVM refused for it', async () => {
  const difference = `this machine is ${arch()}, the guest ${foreign}`
  expect(await chooseAccelerator('auto', foreign)).toEqual({ accelerator: 'tcg', reason: difference })
  await expect(chooseAccelerator('kvm', foreign)).rejects.toThrow(
    new EnvironmentFault(
      'E_NO_KVM',
      `--accel kvm does not work for ${foreign} here: ${difference}. Use --accel tcg, or auto.`,
    ),
  )
})

test(
  'KVM is taken by itself exactly where it works when it is demanded',
  async () => {
    const found = await chooseAccelerator('auto', own, { force: true })
    const demanded = await chooseAccelerator('kvm', own).catch((error: unknown) => error)
    if (found.accelerator === 'kvm') expect(demanded).toEqual(found)
    else expect(demanded).toMatchObject({ exitCode: 3, message: expect.stringMatching(/^--accel kvm does not work/) })
  },
  timeoutMs,
)

test(
  'a probe starts a guest, keeps it and goes on with it in a fork: under emulation all of that works',
  async () => expect(await probe(architectures.x86_64, 'tcg', folder)).toBeUndefined(),
  timeoutMs,
)

test(
  'an accelerator that QEMU cannot use is refused with the step and with QEMU’s own words',
  async () => {
    const obstacle = await probe(architectures.x86_64, 'hvf' as Accelerator, folder)
    expect(obstacle).toMatch(/^a guest could not start under hvf \(.*invalid accelerator hvf.*\)$/)
  },
  timeoutMs,
)
