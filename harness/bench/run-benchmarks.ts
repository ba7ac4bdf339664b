import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { architectureNames } from '../architecture.ts'
import { ensureReferenceImage } from '../build/reference-image.ts'
import { CallFault } from '../faults.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { openRunFolder } from '../process/run-folder.ts'
import { openProgress, type Progress } from '../report/progress.ts'
import { type Benchmark, type Measurement, median } from './benchmark.ts'
import { benchmarks } from './benchmarks.ts'

const help = `Usage: npm run bench [-- --json]

Measures the harness on both reference images and prints, for each benchmark, the
ratio of two ways of doing one thing, taken in turn in one run.

  --json   print all samples instead: an array of name, arch, unit, samples
  --help   this text
`

/** Runs all benchmarks on both architectures and prints ratios, or every sample. Returns the exit code. */
export async function runBenchmarks(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const options = readOptions(args)
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const runFolder = await openRunFolder()
  lifetime.defer(() => rm(runFolder, { recursive: true, force: true }))
  const progress = openProgress({})
  lifetime.defer(() => progress.close())
  const measurements: Measurement[] = []
  for (const arch of architectureNames) {
    const imagePath = await ensureReferenceImage(arch, { progress: (line) => progress.note(line) })
    for (const [index, benchmark] of benchmarks.entries()) {
      const folder = join(runFolder, `${arch}-${index}`)
      await mkdir(folder)
      measurements.push(...(await measure(benchmark, { arch, imagePath, folder, lifetime }, progress)))
      await rm(folder, { recursive: true })
    }
  }
  progress.close()
  process.stdout.write(options.json ? `${JSON.stringify(measurements, null, 2)}\n` : ratioTable(measurements))
  return 0
}

function readOptions(args: readonly string[]): { json?: boolean; help?: boolean } {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (cause) {
    throw new CallFault(`${(cause as Error).message.split('. ')[0]}: npm run bench takes --json and --help.`, { cause })
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

/** One block a benchmark: its title and goal, then for each architecture both medians and their ratio. */
export function ratioTable(measurements: readonly Measurement[]): string {
  return benchmarks.map((benchmark) => block(benchmark, measurements)).join('\n')
}

function block({ title, ratio }: Benchmark, measurements: readonly Measurement[]): string {
  const rows = architectureNames.flatMap((arch) => {
    const of = (name: string) => measurements.find((measured) => measured.name === name && measured.arch === arch)
    const [over, under] = [of(ratio.over), of(ratio.under)]
    return over && under
      ? [`  ${arch.padEnd(8)} ${figure(over)}  ${figure(under)}  ratio ${quotient(over, under)}`]
      : []
  })
  return `${title} (goal: ${ratio.goal})\n${rows.join('\n')}\n`
}

const figure = ({ name, samples }: Measurement): string =>
  `${name} median ${Math.round(median(samples))} of ${samples.length} (${range(samples)})`

const range = (samples: readonly number[]): string =>
  `${Math.round(Math.min(...samples))} to ${Math.round(Math.max(...samples))}`

const quotient = (over: Measurement, under: Measurement): string =>
  (median(over.samples) / median(under.samples)).toFixed(2)
