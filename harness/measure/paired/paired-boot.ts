import type { BootFiles } from '../../image/image-file.ts'
import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { disk } from '../../machine/devices.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import type { Accelerator } from '../../machine/machine-shape.ts'
import { quickShape } from '../../machine/machine-shape.ts'
import { cpuMsOf } from '../../machine/processor-time.ts'
import { startGuest } from '../../machine/start-guest.ts'
import { architectures } from '../../model/architecture.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { awaitSteps, bootParameters } from '../guest/measured-boot.ts'
import { readMarks } from '../marks.ts'
import type { Step } from '../steps.ts'
import { durations, type HostTime } from './host-times.ts'

/** 60 s on an idle machine; a loaded one takes several times as long. */
const bootTimeoutMs = 20 * 60_000
/** A guest as the podman suite has it: two processors, the image on a disk. */
export function pairedPlan(
  { arch, kernel }: BootFiles,
  accelerator: Accelerator,
  initramfs: string,
  image: string,
): GuestPlan {
  return {
    shape: quickShape(architectures[arch], accelerator, readProcessorFeatures(image, arch)),
    boot: { kernel, initramfs, parameters: bootParameters },
    devices: [disk('rootfs', image, 'read-only')],
    channels: 'none',
  }
}

/**
 * Boots once and takes both clocks of the host whenever the guest reports the end of a phase. The phases up to the
 * first command are one, `boot`. Throws GuestFault where the image does not run the steps.
 */
export const pairedBoot = (plan: GuestPlan, steps: readonly Step[], outer: Lifetime): Promise<HostTime[]> =>
  outer.within(async (lifetime) => {
    const guest = await startGuest(plan, lifetime)
    const seen: HostTime[] = []
    guest.console.follow(({ text, atMs }) => {
      const [mark] = readMarks([text])
      if (mark) seen.push({ phase: mark.phase, cpuMs: cpuMsOf(guest.pid), wallMs: atMs })
    })
    await awaitSteps(guest, bootTimeoutMs)
    return durations(seen, ['init', ...steps.map(({ phase }) => phase)])
  })
