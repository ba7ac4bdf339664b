import { describe, expect, test } from 'vitest'
import { GuestFault } from '../../model/faults.ts'
import type { RunningGuest } from '../start-guest.ts'
import { panicFault } from './panic-fault.ts'

const imagesFault = new GuestFault('The kernel panicked.')
const timerPanic = "[    0.080000] Kernel panic - not syncing: IO-APIC + timer doesn't work!"

/** A guest that has read so many bytes of its first drive. */
const guestThatRead = (rd_bytes: number, isContinued = false) =>
  ({
    isContinued,
    monitor: { execute: async () => [{ device: 'rootfs', stats: { rd_bytes } }] },
  }) as unknown as RunningGuest

describe('a panic', () => {
  test('before anything of the image was read is the environment’s fault', async () => {
    const fault = await panicFault(guestThatRead(0), timerPanic, imagesFault)
    expect(fault).toMatchObject({ name: 'EnvironmentFault', message: expect.stringContaining("timer doesn't work") })
  })

  test('of a guest that has read its image is the image’s', async () => {
    expect(await panicFault(guestThatRead(4096), timerPanic, imagesFault)).toBe(imagesFault)
  })

  test('of a continued guest, whose template has read the image, is the image’s', async () => {
    expect(await panicFault(guestThatRead(0, true), timerPanic, imagesFault)).toBe(imagesFault)
  })

  test('because an init ended is never the environment’s fault: the initramfs ships too', async () => {
    const line = '[    3.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100'
    expect(await panicFault(guestThatRead(0), line, imagesFault)).toBe(imagesFault)
  })

  test('of a machine without drives, or whose monitor is closed, is the image’s', async () => {
    const without = { monitor: { execute: async () => [] } } as unknown as RunningGuest
    const closed = { monitor: { execute: () => Promise.reject(new Error('closed')) } } as unknown as RunningGuest
    for (const guest of [without, closed]) expect(await panicFault(guest, timerPanic, imagesFault)).toBe(imagesFault)
  })
})
