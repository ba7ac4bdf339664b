import { arch } from 'node:os'
import { beforeAll, expect, test } from 'vitest'
import type { ArchitectureName } from '../architecture.ts'
import { ensureBootKit } from '../build/boot-kit.ts'
import { EnvironmentFault } from '../faults.ts'
import type { BootFiles } from '../image/image-file.ts'
import { chooseAccelerator } from './accelerator.ts'

/** The kits may have to be built, and a probe may take its whole 8 s. */
const timeoutMs = 600_000

const [own, foreign]: ArchitectureName[] = arch() === 'arm64' ? ['aarch64', 'x86_64'] : ['x86_64', 'aarch64']
const kits = {} as Record<ArchitectureName, BootFiles>
beforeAll(async () => {
  kits.x86_64 = await ensureBootKit('x86_64')
  kits.aarch64 = await ensureBootKit('aarch64')
}, timeoutMs)

test('software emulation that was asked for is taken without a probe', async () => {
  const choice = await chooseAccelerator('tcg', kits[own as ArchitectureName])
  expect(choice).toEqual({ accelerator: 'tcg', reason: 'asked for by --accel tcg' })
})

test('a guest of another architecture is always emulated, and KVM refused for it', async () => {
  const kit = kits[foreign as ArchitectureName]
  const difference = `this machine is ${arch()}, the guest ${foreign}`
  expect(await chooseAccelerator('auto', kit)).toEqual({ accelerator: 'tcg', reason: difference })
  await expect(chooseAccelerator('kvm', kit)).rejects.toThrow(
    new EnvironmentFault(`--accel kvm does not work for ${foreign} here: ${difference}. Use --accel tcg, or auto.`),
  )
})

test(
  'KVM is taken by itself exactly where it works when it is demanded',
  async () => {
    const kit = kits[own as ArchitectureName]
    const found = await chooseAccelerator('auto', kit, { force: true })
    const demanded = await chooseAccelerator('kvm', kit).catch((error: unknown) => error)
    if (found.accelerator === 'kvm') expect(demanded).toEqual(found)
    else expect(demanded).toMatchObject({ exitCode: 3, message: expect.stringContaining(found.reason) })
  },
  timeoutMs,
)
