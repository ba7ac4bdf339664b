import { EnvironmentFault, type GuestFault } from '../../model/faults.ts'
import { withTimeout } from '../../platform/process/with-timeout.ts'
import type { JsonChannel } from '../json-channel.ts'

/** QEMU answers its monitor within 0.2 s, also beside a kernel that has stopped. */
const monitorTimeoutMs = 10_000

/** How a panic begins for which a program is to blame, or that there is none (kernel/exit.c, init/main.c, init/do_mounts.c). */
const ofPrograms = /Attempted to kill init|No working init found|Requested init .* failed|Unable to mount root fs/

/** What it takes of a guest to tell. */
export interface PanickedGuest {
  monitor: JsonChannel
  /** Its state was loaded: it is the continuation of a guest that had read its image. */
  isContinued: boolean
}

/** The fault that a kernel's panic is: the image's, or that of the environment where nothing of the image had been read. */
export async function panicFault(guest: PanickedGuest, line: string, imagesFault: GuestFault): Promise<Error> {
  if (ofPrograms.test(line) || (await hasReadImage(guest))) return imagesFault
  return new EnvironmentFault(
    'E_BUSY',
    `The kernel panicked before anything of the image was read (${line.trim()}). If this machine is busy, run fewer things at the same time.`,
    { cause: imagesFault },
  )
}

interface BlockStatistics {
  device: string
  stats: { rd_bytes: number }
}

/** Whether the guest has read from its first drive. A machine that tells nothing of it counts as one that has. */
async function hasReadImage({ monitor, isContinued }: PanickedGuest): Promise<boolean> {
  if (isContinued) return true
  try {
    const drives = (await withTimeout(monitorTimeoutMs, monitor.execute('query-blockstats'))) as BlockStatistics[]
    const rootfs = drives.find(({ device }) => device === 'rootfs')
    return rootfs === undefined || rootfs.stats.rd_bytes > 0
  } catch {
    return true
  }
}
