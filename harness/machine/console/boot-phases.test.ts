import { expect, test } from 'vitest'
import { bootPhases } from './boot-phases.ts'

const consoleOf = (lines: Record<string, number>) => Object.entries(lines).map(([text, atMs]) => ({ text, atMs }))

const stamps = {
  'vcontainer_timing: initramfs 4.00': 5500,
  'vcontainer_timing: rootfs 4.45': 6000,
  'vcontainer_timing: switch 6.00': 7500,
}

test('each phase lasts from the mark before it to its own, and all together until the first command', () => {
  const phases = bootPhases(consoleOf({ ...stamps, 'vcontainer_timing: init 7.00': 8600, '@@ready': 9300 }))
  expect(phases).toEqual({
    boot_firmware_ms: 1500,
    boot_kernel_ms: 4000,
    boot_initramfs_ms: 500,
    boot_rootfs_ms: 1500,
    boot_switch_ms: 1100,
    boot_init_ms: 700,
    boot_ready_ms: 9300,
  })
  const { boot_ready_ms, ...parts } = phases
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(boot_ready_ms)
})

test('an image that prints no stamps of its own has no phase of its own for them', () => {
  const phases = bootPhases(consoleOf({ ...stamps, '@@ready': 9300 }))
  expect(phases.boot_switch_ms).toBeUndefined()
  expect(phases.boot_init_ms).toBe(1800)
})

test('without any stamp of the initramfs nothing is claimed', () => {
  expect(bootPhases(consoleOf({ '@@ready': 9300 }))).toEqual({})
})
