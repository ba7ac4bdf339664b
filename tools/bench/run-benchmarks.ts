import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readList, readWord } from '../../harness/cli/option-values.ts'
import { chooseAccelerator } from '../../harness/guest/prepare/accelerator.ts'
import type { Accelerator } from '../../harness/machine/machine-shape.ts'
import { type ArchitectureName, architectureNames } from '../../harness/model/architecture.ts'
import { median } from '../../harness/model/quantities.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { openProgress, type Progress } from '../../harness/platform/terminal/progress.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import { flag, parseToolOptions, text } from '../tool-options.ts'
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark.ts'
import { benchmarks } from './benchmarks.ts'
import { busyBoots, busyTable } from './busy-boots.ts'
import { tryExactGate } from './gate/exact-gate.ts'
import { type GateTrials, gateTable } from './gate/gate-trials.ts'
import { tryPairedGate } from './gate/paired-gate.ts'
import { processorMeasurements, processorTable, tryProcessors } from './processors.ts'
import { sandboxBenchmarks } from './sandbox.ts'

const parts = ['harness', 'gate', 'busy', 'processors', 'sandbox'] as const

/** The parts that are ratios. */
const ratios = { harness: benchmarks, sandbox: sandboxBenchmarks } as const
const allBenchmarks = Object.values(ratios).flat()

const help = `Usage: npm run bench [-- OPTIONS]

Measures the harness on the reference images and prints, for each benchmark, the
ratio of two ways of doing one thing, taken in turn in one run; then a table of
what the gates of the performance suite see: slowdowns of a known size that they
detect and miss, and false alarms. The gates take some 70 boots an architecture.
Then what is said of a good image on a machine that others keep busy; last, how
quick the models of processor are that QEMU emulates, in some 20 boots, and what
QEMU's sandbox costs a boot, a fork and a podman test.

  --part LIST  harness, gate, busy, processors, sandbox (default: all)
  --arch LIST  ${architectureNames.join(', ')} (default: both)
  --accel NAME auto, kvm or tcg (default: auto), as verify.mjs takes it
  --json       print all samples instead: an array of name, arch, unit, samples;
               gates and busy boots have none
  --help       this text
`

/** Runs all benchmarks on both architectures and prints ratios, or every sample. Returns the exit code. */
export async function runBenchmarks(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const options = readOptions(args)
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const runFolder = await openRunFolder(lifetime)
  // What each boot came to is told at once: all of it takes hours.
  const progress = openProgress({ verbose: true })
  lifetime.defer(() => progress.close())
  const measurements: Measurement[] = []
  const trials: GateTrials[] = []
  const tables: string[] = []
  for (const arch of options.architectures) {
    const { accelerator, reason } = await chooseAccelerator(options.accelerator, arch)
    progress.note(`${arch}: guests run under ${accelerator} (${reason})`)
    const imagePath = await ensureReferenceImage(arch, { progress: (line) => progress.note(line) })
    for (const [index, benchmark] of benchmarksOf(options).entries()) {
      const folder = join(runFolder, `${arch}-${index}`)
      await mkdir(folder)
      measurements.push(...(await measure(benchmark, { arch, imagePath, folder, lifetime, accelerator }, progress)))
      await rm(folder, { recursive: true })
    }
    if (options.parts.includes('gate') && !options.json) {
      const folder = join(runFolder, `${arch}-gate`)
      await mkdir(folder)
      trials.push(...(await tryGates({ arch, imagePath, folder, lifetime, accelerator }, progress)))
    }
    if (options.parts.includes('busy') && !options.json) {
      const folder = join(runFolder, `${arch}-busy`)
      await mkdir(folder)
      tables.push(busyTable(arch, await busyBoots({ arch, imagePath, folder, lifetime, accelerator }, progress)))
    }
    if (options.parts.includes('processors')) {
      const folder = join(runFolder, `${arch}-processors`)
      await mkdir(folder)
      const context = { arch, imagePath, folder, lifetime, accelerator }
      const times = await tryProcessors(context, progress)
      measurements.push(...processorMeasurements(context, times))
      tables.push(processorTable(arch, times))
    }
  }
  progress.close()
  process.stdout.write(
    options.json ? `${JSON.stringify(measurements, null, 2)}\n` : resultText(measurements, trials, tables),
  )
  return 0
}

const resultText = (
  measurements: readonly Measurement[],
  trials: readonly GateTrials[],
  tables: readonly string[],
): string =>
  [
    ...ratioBlocks(measurements),
    ...(trials.length > 0 ? [`What the gates see\n${gateTable(trials)}`] : []),
    ...tables,
  ].join('\n')

const tryGates = async (context: BenchmarkContext, progress: Progress): Promise<GateTrials[]> => [
  ...(await tryExactGate(context, progress)),
  ...(await tryPairedGate(context, progress)),
]

const benchmarksOf = ({ parts: asked }: BenchmarkOptions): Benchmark[] => [
  ...(asked.includes('harness') ? ratios.harness : []),
  ...(asked.includes('sandbox') ? ratios.sandbox : []),
]

interface BenchmarkOptions {
  json: boolean
  help: boolean
  parts: (typeof parts)[number][]
  accelerator: 'auto' | Accelerator
  architectures: ArchitectureName[]
}

function readOptions(args: readonly string[]): BenchmarkOptions {
  const {
    json,
    help,
    part,
    arch,
    accel = 'auto',
  } = parseToolOptions('bench', args, {
    json: flag,
    part: text,
    arch: text,
    accel: text,
  })
  return {
    ...{ json, help },
    accelerator: readWord('accel', accel, ['auto', 'kvm', 'tcg']),
    parts: readList('part', part ? [part] : parts, parts),
    architectures: readList('arch', arch ? [arch] : architectureNames, architectureNames),
  }
}

async function measure(
  benchmark: Benchmark,
  context: Parameters<Benchmark['measure']>[0],
  progress: Progress,
): Promise<Measurement[]> {
  const task = progress.begin(`${context.arch}: ${benchmark.title}`)
  const measured = await benchmark.measure(context)
  task.end()
  return measured
}

/** One block for each benchmark that was run: its title and goal, then for each architecture both medians and their ratio. */
const ratioBlocks = (measurements: readonly Measurement[]): string[] =>
  allBenchmarks.flatMap((benchmark) => block(benchmark, measurements))

function block({ title, ratio }: Benchmark, measurements: readonly Measurement[]): string[] {
  const rows = architectureNames.flatMap((arch) => {
    const of = (name: string) => measurements.find((measured) => measured.name === name && measured.arch === arch)
    const [over, under] = [of(ratio.over), of(ratio.under)]
    return over && under
      ? [`  ${arch.padEnd(8)} ${figure(over)}  ${figure(under)}  ratio ${quotient(over, under)}`]
      : []
  })
  return rows.length === 0 ? [] : [`${title} (goal: ${ratio.goal})\n${rows.join('\n')}\n`]
}

const figure = ({ name, samples }: Measurement): string =>
  `${name} median ${Math.round(median(samples) ?? Number.NaN)} of ${samples.length} (${range(samples)})`

const range = (samples: readonly number[]): string =>
  `${Math.round(Math.min(...samples))} to ${Math.round(Math.max(...samples))}`

const quotient = (over: Measurement, under: Measurement): string =>
  ((median(over.samples) ?? Number.NaN) / (median(under.samples) ?? Number.NaN)).toFixed(3)
