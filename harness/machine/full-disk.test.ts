import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { type Device, disk } from './devices.ts'
import { quickShape } from './machine-shape.ts'
import { awaitMachineEnd } from './one-shot.ts'
import { startGuest } from './start-guest.ts'

/** Firmware alone takes 1 s on an idle machine. */
const writeTimeoutMs = 60_000
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

/** mov ax,0x301; mov bx,0x7c00; mov cx,1; mov dx,0x81; int 0x13; hlt; jmp: writes a sector to the second disk, and halts. */
const writingSector = Buffer.alloc(512)
Buffer.from('b80103bb007cb90100ba8100cd13f4ebfd', 'hex').copy(writingSector)
Buffer.from('55aa', 'hex').copy(writingSector, 510)

test('a guest that cannot write since the host has no room is not to blame for its silence', {
  timeout: 2 * writeTimeoutMs,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
  lifetime.defer(() => removeFolder(folder))
  const image = join(folder, 'writing')
  await writeFile(image, Buffer.concat([writingSector, Buffer.alloc(1024 ** 2)]))
  const shape = { ...quickShape(architectures.x86_64, 'tcg'), memoryMiB: 64 }
  const guest = await startGuest({ shape, devices: [disk('rootfs', image, 'read-only'), fullDiskDevice] }, lifetime)
  const fault = await awaitMachineEnd(guest, writeTimeoutMs).catch((error) => error)
  expect(fault).toBeInstanceOf(EnvironmentFault)
  expect(fault.code).toBe('E_NO_SPACE')
})
