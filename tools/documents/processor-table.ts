import { processorModels, quickCpu, type Spread } from '../../harness/machine/processor-models.ts'
import { type ArchitectureName, architectureNames, architectures } from '../../harness/model/architecture.ts'
import type { ProcessorFeature } from '../../harness/model/processor-feature.ts'
import { code, table } from './tables.ts'

/** What an image may be seen to need, from nothing on, and how it is called on the page. */
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

const shares = ([least, median, most]: Spread): string =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`

/** What each model of processor costs under emulation, and for which images it is taken. */
export const processorTable = (): string =>
  table(
    ['architecture', 'model', 'has', 'boot', 'podman', 'taken for images that need'],
    architectureNames.flatMap((arch) =>
      processorModels[arch].map(({ cpu, has, boot, podman }) => [
        arch,
        `${code(cpu)}${cpu === architectures[arch].contractCpu ? ', as runners' : ''}`,
        has.at(-1) ?? 'baseline',
        shares(boot),
        shares(podman),
        needs[arch].flatMap(([needed, name]) => (quickCpu(arch, needed) === cpu ? [name] : [])).join(', '),
      ]),
    ),
  )
