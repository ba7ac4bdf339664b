import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyPlan } from '../../fixtures/tiny-guest/tiny-guest.ts'
import { guestBusybox } from '../guest/guest-agent.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import type { Device } from './devices.ts'
import { awaitMachineEnd } from './one-shot.ts'
import { startGuest } from './start-guest.ts'

/** One boot, 10 s on an idle machine. */
const bootTimeoutMs = 180_000
const enospc = 28

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

/** A disk whose every write finds the host's disk full (QEMU, docs/devel/blkdebug). */
const fullDiskDevice: Device = [
  '-drive',
  `if=none,id=state,driver=raw,file.driver=blkdebug,file.image.driver=null-co,file.image.size=8M,file.inject-error.0.iotype=write,file.inject-error.0.event=none,file.inject-error.0.errno=${enospc}`,
  '-device',
  'virtio-blk-pci,drive=state',
]

const writingInit = `#!${guestBusybox} sh
${guestBusybox} dd if=/dev/zero of=/dev/vdb bs=4096 count=16 conv=fsync
${guestBusybox} reboot -f
`

test('a guest that cannot write since the host has no room is not to blame for its silence', {
  timeout: bootTimeoutMs,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
  lifetime.defer(() => removeFolder(folder))
  const plan = await tinyPlan('x86_64', folder, writingInit)
  const [rootfs = [], ...others] = plan.devices
  const guest = await startGuest({ ...plan, devices: [rootfs, fullDiskDevice, ...others] }, lifetime)
  const fault = await awaitMachineEnd(guest, bootTimeoutMs).catch((error) => error)
  expect(fault).toBeInstanceOf(EnvironmentFault)
  expect(fault.code).toBe('E_NO_SPACE')
})
