import { join } from 'node:path'
import { printable } from '../../harness/model/printable.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { openProgress } from '../../harness/platform/terminal/progress.ts'
import { parseToolOptions, randomSeed, readCount, text } from '../tool-options.ts'
import { type FuzzFailure, type FuzzResult, runFuzz } from './run-fuzz.ts'

const defaults = { count: 3000, seconds: 300 }

const help = `Usage: npm run fuzz [-- --seed N --count N --seconds N --first N]

Judges images that were deliberately corrupted, as verify --suite static does. None may
break the harness, take 30 s or 1 GiB of memory, or make it read or write a file
that is not its own. An image that does is kept in reports/out/fuzz.

  --seed N      the same images again (default: new ones)
  --count N     how many (default: ${defaults.count})
  --seconds N   begin no further one after this (default: ${defaults.seconds})
  --first N     number of the first (default: 0)
  --help        this text

Exit codes  0 none broke it · 1 at least one did
`

/** Judges mutants and says what became of them. Returns the exit code. */
export async function runFuzzCommand(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const { isHelp, ...options } = readOptions(args)
  if (isHelp) {
    process.stdout.write(help)
    return 0
  }
  const folder = await openRunFolder(lifetime)
  const progress = openProgress({})
  lifetime.defer(() => progress.close())
  const task = progress.begin(`${options.count} corrupted images of seed ${options.seed}`)
  const keep = join(projectFolder, 'reports', 'out', 'fuzz')
  const told = (doneCount: number) => task.awaiting(`image ${doneCount + 1}`)
  const result = await runFuzz({ ...options, folder, keep, progress: told }, lifetime)
  task.end()
  progress.close()
  process.stdout.write(resultText(result, options.seed))
  return result.failures.length === 0 ? 0 : 1
}

function readOptions(args: readonly string[]) {
  const given = parseToolOptions('fuzz', args, { seed: text, first: text, count: text, seconds: text })
  return {
    isHelp: given.help,
    seed: readCount('seed', given.seed, randomSeed()),
    first: readCount('first', given.first, 0),
    count: readCount('count', given.count, defaults.count),
    seconds: readCount('seconds', given.seconds, defaults.seconds),
  }
}

function resultText(result: FuzzResult, seed: number): string {
  const { refused, judged, failures, memoryBytes, slowestMs } = result
  const memory = `${Math.ceil(memoryBytes / 1024 ** 2)} MiB at most, the slowest ${Math.ceil(slowestMs)} ms`
  const counts = `${refused} refused, ${judged} judged, ${failures.length} broke the harness`
  const details = failures.map((failure) => failureText(failure, seed)).join('')
  return `${details}Seed ${seed}: ${counts} (${memory})\n`
}

const failureText = ({ index, origin, failure, path }: FuzzFailure, seed: number): string =>
  `Image ${index}, ${origin}:
${printable(failure).replace(/^/gm, '  ')}
  kept as ${path}
  again by npm run fuzz -- --seed ${seed} --first ${index} --count 1
`
