import { expect, test } from 'vitest'
import { architectureNames } from '../../model/architecture.ts'
import { exactPlan } from './exact-boot.ts'
import { exactMetrics } from './exact-metrics.ts'

test('work and waiting of each phase, and their sums over the boot', () => {
  const metrics = exactMetrics([
    { phase: 'kernel', workNs: 100, waitNs: 1 },
    { phase: 'initramfs', workNs: 20, waitNs: 2 },
    { phase: 'init', workNs: 3, waitNs: 4 },
    { phase: 'version', workNs: 50, waitNs: 0 },
  ])
  expect(Object.fromEntries(metrics.map(({ name, samples }) => [name, samples[0]]))).toEqual({
    exact_boot_kernel_instructions: 100,
    exact_boot_kernel_wait_ns: 1,
    exact_boot_initramfs_instructions: 20,
    exact_boot_initramfs_wait_ns: 2,
    exact_boot_init_instructions: 3,
    exact_boot_init_wait_ns: 4,
    exact_version_instructions: 50,
    exact_version_wait_ns: 0,
    exact_boot_instructions: 123,
    exact_boot_wait_ns: 7,
  })
  expect(metrics.every(({ tier }) => tier === 0)).toBe(true)
})

test.each(architectureNames)('the exact machine of %s has one processor and nothing that the host acts on', (arch) => {
  const boot = {
    arch,
    kernel: '/kernel',
    initramfs: '/kit',
    agentInitramfs: '/kit',
    kernelVersion: '6',
    origin: 'kit',
  } as const
  const { shape, devices, channels, options } = exactPlan(boot, '/measured')
  expect(shape).toMatchObject({ accelerator: 'tcg', cpuCount: 1, architecture: { tcgThread: 'single' } })
  expect(shape.cpu).not.toMatch(/max|host/)
  expect(devices).toEqual([])
  expect(channels).toBe('none')
  expect(options?.join(' ')).toContain('-icount shift=0,sleep=off -seed 1 -rtc base=2026-01-01T00:00:00,clock=vm')
  expect(shape.kernelParameters).toContain('nokaslr')
})
