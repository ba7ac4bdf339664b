import type { BootFiles } from '../../image/image-file.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import { startGuest } from '../../machine/start-guest.ts'
import type { ProcessorFeature } from '../../model/processor-feature.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { awaitSteps, bootParameters } from '../guest/measured-boot.ts'
import { type PhaseTime, phaseTimes, readMarks } from '../marks.ts'
import { exactSteps, type Step } from '../steps.ts'
import { exactOptions, exactShape } from './exact-machine.ts'

/** 30 s on an idle machine, 54 s with both cores loaded; a much slower one may need minutes. */
const bootTimeoutMs = 15 * 60_000

/** Phases of a boot in order; `prepared` is the harness's own. */
const bootPhases: readonly string[] = ['kernel', 'prepared', 'initramfs', 'init']

/** One boot of the exact machine. */
export interface ExactBoot {
  times: PhaseTime[]
  /** Every line of the console, with the kernel's time stamps: what two boots must have in common. */
  lines: string[]
}

/**
 * How the exact machine, with a processor that has what the image needs, boots a measured initramfs; another seed of its randomness
 * is another run of the same.
 */
export function exactPlan(
  { arch, kernel }: BootFiles,
  initramfs: string,
  needed: readonly ProcessorFeature[] = [],
  seed?: number,
): GuestPlan {
  return {
    shape: exactShape(arch, needed),
    boot: { kernel, initramfs, parameters: bootParameters },
    devices: [],
    options: exactOptions(arch, seed),
    channels: 'none',
  }
}

/** Boots once to the machine's end. Throws GuestFault where the image does not run the steps. */
export async function exactBoot(
  plan: GuestPlan,
  lifetime: Lifetime,
  steps: readonly Step[] = exactSteps,
): Promise<ExactBoot> {
  const phases = [...bootPhases, ...steps.map(({ phase }) => phase)]
  const guest = await startGuest(plan, lifetime)
  await awaitSteps(guest, bootTimeoutMs)
  const lines = guest.console.lines.map(({ text }) => text)
  return { times: phaseTimes(readMarks(lines), phases), lines }
}
