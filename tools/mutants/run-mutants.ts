import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { CallFault } from '../../harness/model/faults.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { openProgress, type Progress } from '../../harness/platform/terminal/progress.ts'
import { judgeInParallel } from './judge-in-parallel.ts'
import { type MutantsCall, mutantsHelp, parseMutantsCall } from './mutants-call.ts'
import { mutantsExitCode, mutantsReport, mutantsText } from './mutants-report.ts'
import { isAsExpected, type Outcome } from './outcome.ts'
import { ensureReferenceImages, type ReferenceImages } from './reference-images.ts'
import { type Selection, type StaticSelection, selectVariants } from './select-variants.ts'

interface MutantsRun {
  options: MutantsCall
  folder: string
  lifetime: Lifetime
  progress: Progress
}

/** Makes and judges all variants asked for and prints what came of each. Returns the exit code. */
export async function runMutants(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const options = parseMutantsCall(args)
  if (options.help) {
    process.stdout.write(mutantsHelp)
    return 0
  }
  const selection = selectVariants(options)
  if (selection.staticVariants.length + selection.bootVariants.length === 0)
    throw new CallFault('No variant is of all that was asked for.')
  const folder = await openRunFolder(lifetime)
  const progress = openProgress(options)
  lifetime.defer(() => progress.close())
  const run = { options, folder, lifetime, progress }
  const outcomes = [...(await judgeStatic(run, selection)), ...(await judgeBoots(run, selection))]
  progress.close()
  process.stdout.write(
    options.json
      ? `${JSON.stringify(mutantsReport(outcomes), null, 2)}\n`
      : mutantsText(outcomes, options.areas.length + options.only.length === 0),
  )
  return mutantsExitCode(outcomes)
}

async function judgeStatic({ options, folder, lifetime, progress }: MutantsRun, { staticVariants }: Selection) {
  const outcomes: Outcome[] = []
  if (staticVariants.length === 0) return outcomes
  const task = progress.begin(`static variants (${staticVariants.length})`)
  const images = await referenceImages(staticVariants, (line) => task.awaiting(line))
  const judging = { images, folder, jobs: options.jobs, lifetime }
  await judgeInParallel(staticVariants, judging, ({ id, arch, expected }, verdict) => {
    outcomes.push({ id, arch, kind: 'static', expected, ...verdict })
    task.awaiting(`verdicts, ${outcomes.length} of ${staticVariants.length} are in`)
    tellSurprise(progress, outcomes.at(-1) as Outcome)
  })
  task.end(counted(outcomes))
  return outcomes
}

/** Those that the variants are made of: building one takes minutes. */
async function referenceImages(variants: readonly StaticSelection[], tell: (line: string) => void) {
  const images: Partial<Record<ArchitectureName, ReferenceImages>> = {}
  for (const [arch, ofArch] of Map.groupBy(variants, ({ arch }) => arch))
    images[arch] = await ensureReferenceImages(arch, new Set(ofArch.map(({ recipe }) => recipe)), tell)
  return images
}

/** One variant at a time: what is judged is init and podman, not how they share a machine. */
async function judgeBoots({ options, folder, lifetime, progress }: MutantsRun, { bootVariants }: Selection) {
  const outcomes: Outcome[] = []
  if (bootVariants.length === 0) return outcomes
  const { BootJudge } = await import('./judge-boot.ts')
  for (const { arch, variant } of bootVariants) {
    const own = join(folder, `boot-${arch}`)
    await mkdir(own, { recursive: true })
    const task = progress.begin(`${arch}: boot of ${variant.id}`)
    const startedMs = performance.now()
    const failed = await new BootJudge(arch, own, lifetime, options.jobs).judge(variant)
    const durationMs = performance.now() - startedMs
    const outcome: Outcome = { id: variant.id, arch, kind: 'boot', expected: variant.fails, failed, durationMs }
    outcomes.push(outcome)
    if (isAsExpected(outcome)) task.end(counted([outcome]))
    else task.fail(`failed: ${failed.join(', ') || 'nothing'}`)
  }
  return outcomes
}

const counted = (outcomes: readonly Outcome[]): string =>
  `${outcomes.filter(isAsExpected).length} of ${outcomes.length} as expected`

/** A surprise is told at once: a whole run takes minutes. */
function tellSurprise(progress: Progress, outcome: Outcome): void {
  if (!isAsExpected(outcome))
    progress.begin(`${outcome.arch}: ${outcome.id}`).fail(`failed: ${outcome.failed.join(', ') || 'nothing'}`)
}
