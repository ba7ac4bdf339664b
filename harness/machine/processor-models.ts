import type { ArchitectureName } from '../model/architecture.ts'
import type { ProcessorFeature } from '../model/processor-feature.ts'

/** The least, the median and the most of several rounds. */
export type Spread = readonly [least: number, median: number, most: number]

/** A model of processor that QEMU emulates, and what it costs. */
export interface ProcessorModel {
  cpu: string
  /** What it has beyond the baseline, as far as an image can be seen to need it. */
  has: readonly ProcessorFeature[]
  /** The emulator's processor time for a boot up to the daemon's first answer, as a share of that on the model of runners in the same round. */
  boot: Spread
  /** The same for three commands of podman's, of which a run executes the most. */
  podman: Spread
}

/**
 * Measured by `npm run bench -- --part processors` (QEMU 7.2, kernel 6.12, reference images of podman 5.4, three rounds in turn, on two
 * cores that other work kept seven times overloaded). First stand those that were quickest on an idle machine (`qemu64` with SSE4.2
 * booted 15 to 20 % faster than `max`; on aarch64 `max` without what is dear to translate took 0.6 of the time of cortex-a57 for podman) and have no
 * SMAP, with which the exact machine and Xen's do not go. With AVX2 added to `qemu64` the kernel hangs while it sets up the
 * processor. On `max`, addresses of 52 bits are off, because kernels before 5.12 do not start with them (QEMU issue 964).
 */
export const processorModels: Record<ArchitectureName, readonly ProcessorModel[]> = {
  x86_64: [
    {
      cpu: 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16',
      has: ['x86-64-v2'],
      boot: [0.67, 0.94, 1.04],
      podman: [0.82, 0.85, 1.0],
    },
    { cpu: 'Nehalem', has: ['x86-64-v2'], boot: [0.77, 0.87, 0.93], podman: [0.67, 0.75, 0.87] },
    {
      cpu: 'Haswell-noTSX',
      has: ['x86-64-v2', 'x86-64-v3'],
      boot: [0.88, 0.89, 0.98],
      podman: [0.81, 0.88, 0.93],
    },
    { cpu: 'Skylake-Client', has: ['x86-64-v2', 'x86-64-v3'], boot: [1, 1, 1], podman: [1, 1, 1] },
    { cpu: 'EPYC', has: ['x86-64-v2', 'x86-64-v3'], boot: [0.85, 0.86, 1.03], podman: [0.72, 0.84, 0.86] },
    { cpu: 'max', has: ['x86-64-v2', 'x86-64-v3'], boot: [0.91, 0.91, 0.95], podman: [0.84, 0.95, 1.25] },
  ],
  aarch64: [
    { cpu: 'max,pauth=off,sve=off,sme=off,lpa2=off', has: ['lse'], boot: [0.83, 0.93, 0.98], podman: [0.5, 0.78, 1] },
    {
      cpu: 'max,pauth=off,sme=off,lpa2=off',
      has: ['lse', 'sve'],
      boot: [0.78, 0.84, 1.96],
      podman: [0.55, 0.55, 1.49],
    },
    { cpu: 'max,lpa2=off', has: ['lse', 'sve'], boot: [2.57, 2.78, 3.44], podman: [1.4, 1.83, 3.02] },
    { cpu: 'cortex-a57', has: [], boot: [1, 1, 1], podman: [1, 1, 1] },
    { cpu: 'cortex-a72', has: [], boot: [0.99, 1.07, 1.25], podman: [0.75, 1.3, 1.57] },
    { cpu: 'neoverse-n1', has: ['lse'], boot: [0.92, 0.96, 1.52], podman: [0.86, 1.31, 2.36] },
  ],
}

/** The model that guests get under emulation, where their image needs these features. */
export const quickCpu = (arch: ArchitectureName, needed: readonly ProcessorFeature[]): string =>
  quickestOf(processorModels[arch], needed).cpu

/**
 * The first model that has what is needed and than which no other such model is quicker for certain: took less in each round than it
 * in any. Where none has all, the same of those that lack the least.
 */
export function quickestOf(models: readonly ProcessorModel[], needed: readonly ProcessorFeature[]): ProcessorModel {
  const missing = ({ has }: ProcessorModel) => needed.filter((feature) => !has.includes(feature)).length
  const least = Math.min(...models.map(missing))
  const able = models.filter((model) => missing(model) === least)
  const isSurpassed = ({ podman: [own] }: ProcessorModel) => able.some(({ podman: [, , most] }) => most < own)
  return able.find((model) => !isSurpassed(model)) as ProcessorModel
}
