import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { type ArchitectureName, architectureNames, architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { projectFolder } from '../../platform/call-folder.ts'
import { type AcceleratorChoice, type AcceleratorTrials, chooseAccelerator, underAccelerator } from './accelerator.ts'
import { tryAccelerator } from './try-accelerator.ts'

/** The kits may have to be built, and each line of a trial may take its whole 8 s. */
const timeoutMs = 600_000

const isOwn = (name: ArchitectureName): boolean => architectures[name].node === arch()
const own = architectureNames.find(isOwn) as ArchitectureName
const foreign = architectureNames.find((name) => !isOwn(name)) as ArchitectureName

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'accelerator-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('software emulation that was asked for is taken without a trial', async () => {
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
  'a trial starts a guest, keeps it, and goes on with it in a fork and from a snapshot: under emulation all of that works',
  async () => {
    const told: string[] = []
    const tell = (step: string) => void told.push(step)
    expect(await tryAccelerator(architectures.x86_64, 'tcg', folder, { tell })).toBeUndefined()
    expect(told).toEqual([
      'A guest starts, and its kernel prints its first line',
      'It is stopped, and its state is written beside its memory',
      'It goes on in a fork, with a copy of its memory',
      'The fork is kept as a snapshot, memory and all',
      'It goes on from that snapshot',
    ])
    expect(await readdir(folder)).toEqual([])
  },
  timeoutMs,
)

test(
  'an accelerator that QEMU cannot use is refused with the step and with QEMU’s own words',
  async () => {
    const obstacle = await tryAccelerator(architectures.x86_64, 'hvf' as Accelerator, folder)
    expect(obstacle).toMatch(/^a guest could not start under hvf \(.*invalid accelerator hvf.*\)$/)
  },
  timeoutMs,
)

describe('on a machine whose KVM', () => {
  const standIn = join(projectFolder, 'fixtures', 'stand-in-qemu', 'qemu.ts')

  /** Trials that meet a QEMU which fails at a step, on a machine that has the device; they count how often they are made. */
  async function machine(fails: string): Promise<AcceleratorTrials & { triedCount: () => number }> {
    const emulator = join(folder, `qemu-${fails}`)
    await writeFile(emulator, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' ${fails} "$@"\n`)
    await chmod(emulator, 0o755)
    let triedCount = 0
    return {
      triedCount: () => triedCount,
      deviceObstacle: () => undefined,
      async tryAccelerator(architecture, accelerator, making) {
        triedCount++
        return tryAccelerator({ ...architecture, emulator }, accelerator, making, { timeoutMs: 3000 })
      },
    }
  }

  test(
    'works, all steps are taken',
    async () => {
      const { tryAccelerator: tried } = await machine('nowhere')
      expect(await tried(architectures[own], 'kvm', folder)).toBeUndefined()
    },
    timeoutMs,
  )

  test('works, it is taken, and tried once', async () => {
    let triedCount = 0
    const tried = async () => {
      triedCount++
      return undefined
    }
    const trials = { deviceObstacle: () => undefined, tryAccelerator: tried }
    const taken = { accelerator: 'kvm', reason: 'a guest started and was forked under KVM on this machine' }
    // A cache of its own: a success of a stand-in must not be remembered for the machine.
    vi.stubEnv('XDG_CACHE_HOME', await mkdtemp(join(folder, 'cache-')))
    expect(await chooseAccelerator('auto', own, {}, trials)).toEqual(taken)
    expect(await chooseAccelerator('kvm', own, {}, trials)).toEqual(taken)
    vi.unstubAllEnvs()
    expect(triedCount).toBe(1)
  })

  test.each([
    ['start', /^a guest could not start under kvm \(.*Could not access KVM kernel module: Device or resource busy\)$/],
    ['print', /^a guest could not start under kvm \(Timed out after 3\.\d s waiting for a line on the console\.\)$/],
    ['keep', /^a guest could not be stopped and kept under kvm \(.*State blocked by non-migratable CPU device/],
    ['fork', /^a guest could not go on in a fork under kvm \(Timed out after 3\.\d s waiting for a line/],
    ['snapshot', /^a guest could not be kept as a snapshot under kvm \(.*State blocked/],
    ['resume', /^a guest could not go on from a snapshot under kvm \(.*error while loading state for instance 0x0/],
  ])(
    'fails at the step %s, the run goes on with TCG and says why, and the next run tries again',
    async (fails, reason) => {
      const trials = await machine(fails)
      const chosen = { accelerator: 'tcg', reason: expect.stringMatching(reason) }
      expect(await chooseAccelerator('auto', own, { force: true }, trials)).toEqual(chosen)
      await expect(chooseAccelerator('kvm', own, { force: true }, trials)).rejects.toMatchObject({ exitCode: 3 })
      expect(trials.triedCount()).toBe(2)
    },
    timeoutMs,
  )
})

describe('work that fails under KVM by the environment', () => {
  const kvm: AcceleratorChoice = { accelerator: 'kvm', reason: 'it works' }
  const work = async ({ accelerator, reason, isLast }: AcceleratorChoice & { isLast: boolean }) => {
    if (accelerator === 'kvm') throw new EnvironmentFault('E_QEMU_DIED', 'QEMU died.\nwith more words')
    return { reason, isLast }
  }

  test('is done again under TCG, with the reason', async () => {
    expect(await underAccelerator('auto', kvm, work)).toEqual({
      reason: 'KVM was tried first: QEMU died.',
      isLast: true,
    })
  })

  test('fails where KVM was demanded', async () => {
    await expect(underAccelerator('kvm', kvm, work)).rejects.toThrow('QEMU died.')
  })

  test('is not done again for a fault of any other kind', async () => {
    const other = () => Promise.reject(new Error('a defect'))
    await expect(underAccelerator('auto', kvm, other)).rejects.toThrow('a defect')
  })
})
