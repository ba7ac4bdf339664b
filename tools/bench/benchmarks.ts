import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { requireTool } from '../../harness/platform/process/run-tool.ts'
import { type Benchmark, type BenchmarkContext, inTurn, type Measurement, millisecondsOf, timed } from './benchmark.ts'
import { bootAndForkOf } from './boots-and-forks.ts'
import { testsBootedAndForked } from './podman-tests.ts'

/** Bound on one command; several times what a loaded machine takes. */
const stepTimeoutMs = 240_000

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  {
    title: 'A fork answers instead of a boot',
    ratio: { over: 'boot_answer_ms', under: 'fork_answer_ms', goal: '25 or more; the fork in 500 ms or less' },
    measure: bootsAndForks,
  },
  {
    title: 'Three tests of the podman suite, with a boot and a pull each or in a fork of a guest that has both',
    ratio: { over: 'three_tests_booted_ms', under: 'three_tests_forked_ms', goal: '5 or more' },
    measure: testsBootedAndForked,
  },
  {
    title: 'The static suite as a whole process, against a plain extraction by unsquashfs',
    ratio: { over: 'static_suite_ms', under: 'extraction_ms', goal: '1.5 or less' },
    measure: staticAndExtraction,
  },
]

async function bootsAndForks(context: BenchmarkContext): Promise<Measurement[]> {
  const { boot, forked } = await bootAndForkOf(context)
  const boots: number[] = []
  const forks: number[] = []
  for (let round = 0; round < 3; round++) {
    boots.push(await boot())
    for (let repeat = 0; repeat < 5; repeat++) forks.push(await forked())
  }
  return [millisecondsOf('boot_answer_ms', context, boots), millisecondsOf('fork_answer_ms', context, forks)]
}

async function staticAndExtraction(context: BenchmarkContext): Promise<Measurement[]> {
  const out = join(context.folder, 'static')
  const tree = join(context.folder, 'tree')
  const verify = ['harness/verify.mjs', context.imagePath, '--suite', 'static', '--quiet', '--out', out]
  const runVerify = () => requireTool('zx', verify, { cwd: projectFolder, timeoutMs: stepTimeoutMs })
  const extract = () =>
    requireTool('unsquashfs', ['-q', '-n', '-d', tree, context.imagePath], { timeoutMs: stepTimeoutMs })
  await runVerify()
  const [suite, extraction] = await inTurn(
    7,
    () => timed(runVerify),
    async () => {
      const elapsedMs = await timed(extract)
      await rm(tree, { recursive: true })
      return elapsedMs
    },
  )
  return [millisecondsOf('static_suite_ms', context, suite), millisecondsOf('extraction_ms', context, extraction)]
}
