import { expect, test } from 'vitest'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { runSelfTest } from './self-test.ts'

const step = 'A guest starts, and its kernel prints its first line'

/** A self-test on a machine whose device and accelerators are as told; `fails` says why each does not work. */
async function selfTest(
  accelerator: 'auto' | 'kvm' | 'tcg',
  { device, fails = {} }: { device?: string; fails?: Partial<Record<string, string>> },
) {
  const lines: string[] = []
  const lifetime = new Lifetime()
  const parts = {
    deviceObstacle: () => device,
    async tryAccelerator(
      ...[, name, , options]: Parameters<typeof import('../../guest/prepare/try-accelerator.ts').tryAccelerator>
    ) {
      options?.tell?.(step, 400)
      return fails[name]
    },
    openSandbox: async () => {},
    print: (line: string) => void lines.push(line),
  }
  try {
    const exit = await runSelfTest(
      { action: 'self-test', architectures: ['x86_64'], accelerator, sandbox: 'available' },
      lifetime,
      parts,
    )
    return { lines, exit }
  } catch (error) {
    return { lines, exit: (error as { exitCode: number }).exitCode, message: (error as Error).message }
  } finally {
    await lifetime.end()
  }
}

const tells = (name: string) => [`x86_64: trying ${name}`, `  ok  0.4 s  ${step}`]

test('where KVM takes every step, nothing else is tried', async () => {
  expect(await selfTest('auto', {})).toEqual({ lines: [...tells('KVM'), 'x86_64: guests run under KVM.'], exit: 0 })
})

test('where a step fails under KVM, the reason is told once, and TCG is tried', async () => {
  const { lines, exit } = await selfTest('auto', { fails: { kvm: 'a guest could not go on in a fork under kvm (…)' } })
  expect(exit).toBe(0)
  expect(lines).toEqual([
    ...tells('KVM'),
    'x86_64: not under KVM: a guest could not go on in a fork under kvm (…).',
    ...tells('TCG'),
    'x86_64: guests run under TCG, which emulates their processor: several times slower than KVM.',
  ])
})

test('KVM that was requested and does not work is a fault of the environment, with the reason', async () => {
  expect(await selfTest('kvm', { device: 'there is no /dev/kvm' })).toMatchObject({
    lines: ['x86_64: not under KVM: there is no /dev/kvm.'],
    exit: 3,
    message: '--accel kvm does not work for x86_64 here: there is no /dev/kvm. Use --accel tcg, or auto.',
  })
})

test('a machine on which nothing works is a fault of the environment', async () => {
  const found = await selfTest('tcg', { fails: { tcg: 'a guest could not start under tcg (…)' } })
  expect(found).toMatchObject({
    exit: 3,
    message: expect.stringMatching(/^No guest of x86_64 runs here: a guest could not/),
  })
})
