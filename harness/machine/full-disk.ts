import { Type } from '@sinclair/typebox'
import { EnvironmentFault } from '../model/faults.ts'
import type { JsonChannel } from './json-channel.ts'

/** How the machine of a guest ends for which the host has no room any more. */
export const fullDisk = 'stopped for a full disk of the host'

const errorSchema = Type.Object({ action: Type.String(), nospace: Type.Boolean() })

/**
 * Resolves when QEMU has stopped the machine since the host has no room for what it wrote on a disk, as it does by default
 * (qemu(1), "werror=enospc"). It would stay so for ever, and look like a guest that hangs.
 */
export const stoppedForRoom = (monitor: JsonChannel): Promise<unknown> =>
  monitor.event('BLOCK_IO_ERROR', errorSchema, ({ action, nospace }) => nospace && action === 'stop')

/** For whoever awaited something else of it. */
export const fullDiskFault = (): EnvironmentFault =>
  new EnvironmentFault(
    'E_NO_SPACE',
    'The disk of the host became full while a guest wrote: free some space, or set TMPDIR to a folder with more.',
  )
