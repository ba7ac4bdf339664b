import { readFileSync } from 'node:fs'
import { architectures } from '../../architecture.ts'
import type { Accelerator } from '../../boot/accelerator.ts'
import { disk } from '../../boot/devices.ts'
import { contractParameters } from '../../boot/kernel-parameters.ts'
import { quickShape } from '../../boot/machine-shape.ts'
import { awaitOneShot } from '../../boot/one-shot.ts'
import { type GuestPlan, startGuest } from '../../boot/start-guest.ts'
import { GuestFault } from '../../faults.ts'
import type { BootFiles } from '../../image/image-file.ts'
import { Lifetime } from '../../process/lifetime.ts'
import { measuredCommand, measuredParameters } from '../guest/measured-initramfs.ts'
import { readMarks } from '../marks.ts'
import type { Step } from '../steps.ts'

/** 60 s on an idle machine; a loaded one takes several times as long. */
const bootTimeoutMs = 20 * 60_000
/** Linux counts CPU time in these for every process (proc(5), /proc/PID/stat; sysconf _SC_CLK_TCK is 100). */
const tickMs = 10

/** What one phase of a boot cost on the host. */
export interface HostTime {
  phase: string
  /** CPU time of the emulator with all its threads, in milliseconds. */
  cpuMs: number
  wallMs: number
}

/** A guest as the podman suite has it: two processors, the image on a disk. */
export function pairedPlan(
  { arch, kernel }: BootFiles,
  accelerator: Accelerator,
  initramfs: string,
  image: string,
): GuestPlan {
  const parameters = [...measuredParameters, 'quiet', ...contractParameters({ cmd: measuredCommand, output: 'text' })]
  return {
    shape: quickShape(architectures[arch], accelerator),
    boot: { kernel, initramfs, parameters },
    devices: [disk('rootfs', image, 'read-only')],
    channels: 'none',
  }
}

/**
 * Boots once and takes both clocks of the host whenever the guest tells that a phase has ended. The phases up to the
 * first command are one, `boot`. Throws GuestFault where the image does not run the steps.
 */
export async function pairedBoot(plan: GuestPlan, steps: readonly Step[], outer: Lifetime): Promise<HostTime[]> {
  const lifetime = new Lifetime()
  const release = outer.defer(() => lifetime.end())
  try {
    const startMs = performance.now()
    const guest = await startGuest(plan, lifetime)
    const seen: HostTime[] = []
    guest.console.follow(({ text, atMs }) => {
      const [mark] = readMarks([text])
      if (mark) seen.push({ phase: mark.phase, cpuMs: cpuMsOf(guest.pid), wallMs: atMs })
    })
    const { exitCode, output, error } = await awaitOneShot(guest, bootTimeoutMs)
    if (exitCode !== 0)
      throw new GuestFault(
        `The measured commands did not all succeed: ${error ?? output ?? `no answer in ${performance.now() - startMs} ms`}`,
        guest.console.end(),
      )
    return durations(seen, ['init', ...steps.map(({ phase }) => phase)])
  } finally {
    await release()
  }
}

/** Fields 14 and 15 of proc(5), counted behind the name in brackets, which may hold anything. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

function durations(seen: readonly HostTime[], phases: readonly string[]): HostTime[] {
  const ends = phases.map((phase) => {
    const end = seen.find((time) => time.phase === phase)
    if (!end) throw new GuestFault(`A measured boot ended without the mark of "${phase}".`, '')
    return end
  })
  return ends.map(({ phase, cpuMs, wallMs }, index) => {
    const before = ends[index - 1] ?? { cpuMs: 0, wallMs: 0 }
    return { phase: index === 0 ? 'boot' : phase, cpuMs: cpuMs - before.cpuMs, wallMs: wallMs - before.wallMs }
  })
}
