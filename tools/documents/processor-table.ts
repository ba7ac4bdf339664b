import { processorModels, quickCpu, type Spread } from '../../harness/machine/processor-models.ts'
import { type ArchitectureName, architectureNames, architectures } from '../../harness/model/architecture.ts'
import type { ProcessorFeature } from '../../harness/model/processor-feature.ts'
import { code, table } from './tables.ts'

/** What an image may be seen to need, from nothing on, and the words for it. */
const needs: Record<ArchitectureName, readonly (readonly [ProcessorFeature[], string])[]> = {
  x86_64: [
    [[], 'x86-64'],
    [['x86-64-v2'], 'x86-64-v2'],
    [['x86-64-v3'], 'x86-64-v3'],
  ],
  aarch64: [
    [[], 'Armv8.0'],
    [['lse'], 'LSE'],
    [['sve'], 'SVE'],
  ],
}

export const spreadText = ([least, median, most]: Spread): string =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`

/** What an image is seen to need for which this model is taken, in words. */
export const takenFor = (arch: ArchitectureName, cpu: string): string =>
  needs[arch].flatMap(([needed, name]) => (quickCpu(arch, needed) === cpu ? [name] : [])).join(', ')

/** What each model of processor costs under emulation, and for which images it is taken. */
export const processorTable = (): string =>
  table(
    ['architecture', 'model', 'has', 'boot', 'podman', 'taken for images that need'],
    architectureNames.flatMap((arch) =>
      processorModels[arch].map(({ cpu, has, boot, podman }) => [
        arch,
        `${code(cpu)}${cpu === architectures[arch].contractCpu ? ', as runners' : ''}`,
        has.at(-1) ?? 'baseline',
        spreadText(boot),
        spreadText(podman),
        takenFor(arch, cpu),
      ]),
    ),
  )
