import './test-context.ts'
import { join } from 'node:path'
import { type Reporter, startVitest, type TestCase, type TestModule, type Vitest } from 'vitest/node'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import { chooseBoots } from '../guest/runner/boot-record.ts'
import type { ArchitectureName } from '../model/architecture.ts'
import type { Boot } from '../model/boot.ts'
import { EnvironmentFault } from '../model/faults.ts'
import type { Requirement, SuiteName } from '../model/requirement.ts'
import type { Metric, RequirementResult } from '../model/result.ts'
import { endingSignals } from '../platform/process/ending-signals.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import type { Pull } from '../report/details-schema.ts'
import type { AnswerHistory } from './answer-history.ts'
import { earlyAnswers, fileOf } from './file-order.ts'
import { type FoldableResult, foldCauses } from './fold-causes.ts'
import { findingOf, type TestError } from './suite-finding.ts'
import { suitePool } from './suite-worker.ts'

/** What vitest says of a test that it cancels (its runner, startTests). */
const cancelNote = 'The test run was aborted by the user.'

/** Characters of a value in a failed expectation's message. */
const longestShownValue = 600

const projectRoot = join(import.meta.dirname, '../..')

/** One image and the coordinates of what was prepared for it; the key names it in progress and results. */
export interface SuiteTarget {
  key: string
  coordinates: SuiteCoordinates
  /** The files of tests in which something is left to ask, from the project's folder; all of the suites where left out. */
  files?: readonly string[]
}

export interface SuiteRun {
  suites: readonly SuiteName[]
  targets: readonly SuiteTarget[]
  /** The requirements asked for, of these suites; each must come back with a result, unless only a part is run. */
  requirements: readonly Requirement[]
  /** Run only this part of the test files, as `1/3`. */
  shard?: string
  /** How many test files run side by side. */
  jobs: number
  /** What earlier runs took orders the test files, and takes what this one does; without it, the order is vitest's. */
  history?: AnswerHistory
  /** The run's; ends the tests with it. */
  lifetime: Lifetime
  /**
   * Takes each result as it comes; returns why nothing more is to be run, or undefined. Tests that are running then come to their end, with
   * that of their guests, and are told as not run like all that follow.
   */
  onResult: (target: string, result: FoldableResult) => string | undefined
}

export interface SuiteResults {
  requirements: RequirementResult[]
  metrics: Metric[]
  /** A few that are worth showing. */
  boots: Boot[]
  pulls: Pull[]
}

/**
 * Runs the suites, each from its folder in one of the project's, on all targets and returns the results by target key. A requirement that no
 * test answered is an error.
 */
export async function runSuites(run: SuiteRun, folder = 'suites'): Promise<Map<string, SuiteResults>> {
  const collector = new ResultCollector(run)
  const takeBack = signalsOfOthers()
  const exitCodeBefore = process.exitCode
  const vitest = await startVitest(
    [],
    { config: false, watch: false, run: true, ...(run.shard !== undefined && { shard: run.shard }) },
    {
      root: projectRoot,
      test: {
        maxWorkers: run.jobs,
        ...(run.history && {
          sequence: { sequencer: earlyAnswers({ ...run, history: run.history, archOf: archOf(run) }) },
        }),
        testNamePattern: new RegExp(`^(?:${run.requirements.map(({ id }) => id).join('|')}) `),
        reporters: [collector, { onInit: takeBack }],
        projects: run.targets.map(({ key, coordinates, files }) => ({
          test: {
            name: key,
            pool: suitePool(run.lifetime),
            include: [...(files ?? run.suites.map((suite) => `${folder}/${suite}/**/*.test.{ts,js}`))],
            provide: { coordinates },
            // What was seen is the finding: it must be readable, not cut to the 40 characters of a default.
            chaiConfig: { truncateThreshold: longestShownValue },
          },
        })),
      },
    },
  )
  await vitest.close()
  // Vitest reports failed tests by the process's exit code; here the verdict decides that.
  process.exitCode = exitCodeBefore
  return collector.results()
}

const archOf =
  ({ targets }: SuiteRun) =>
  (key: string): ArchitectureName =>
    (targets.find((target) => target.key === key) as SuiteTarget).coordinates.boot.arch

/**
 * Vitest ends the process a millisecond after a signal (its logger.ts, addCleanupListeners), in the midst of cleaning up. Returns
 * what takes away all that came to listen to signals since.
 */
export function signalsOfOthers(): () => void {
  const before = endingSignals.map((signal) => ({ signal, listeners: process.listeners(signal) }))
  return () => {
    for (const { signal, listeners } of before)
      for (const listener of process.listeners(signal)) if (!listeners.includes(listener)) process.off(signal, listener)
  }
}

class ResultCollector implements Reporter {
  readonly #run: SuiteRun
  readonly #archOf: (key: string) => ArchitectureName
  readonly #byTarget: Map<string, SuiteResults>
  readonly #boots: { target: string; boot: Boot; failed: boolean }[] = []

  #vitest: Vitest | undefined
  /** Why the run was ended before all was run. */
  #endedBy: string | undefined

  constructor(run: SuiteRun) {
    this.#run = run
    this.#archOf = archOf(run)
    this.#byTarget = new Map(
      run.targets.map(({ key }) => [key, { requirements: [], metrics: [], boots: [], pulls: [] }]),
    )
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestCaseResult(test: TestCase): void {
    const requirement = this.#run.requirements.find(({ id }) => id === test.meta().requirement)
    // Tests of requirements that were not asked for are passed over by vitest and told as skipped; what ends with the run says nothing.
    if (!requirement || this.#isCancelled(test) || this.#run.lifetime.hasEnded) return
    const result = resultOf(test, requirement)
    const key = test.project.name
    this.#run.history?.note(this.#archOf(key), fileOf(test.module.moduleId), result)
    const target = this.#of(key)
    target.requirements.push(result)
    target.metrics.push(...(test.meta().metrics ?? []))
    for (const record of test.meta().boots ?? [])
      this.#boots.push({
        target: key,
        boot: { requirement: requirement.id, ...record },
        failed: result.status === 'fail',
      })
    for (const pull of test.meta().pulls ?? []) target.pulls.push({ requirement: requirement.id, ...pull })
    this.#endAfter(this.#run.onResult(key, result))
  }

  /** Tests that had not ended when the run was are told as skipped, with vitest's words or, where they had not begun, without. */
  #isCancelled(test: TestCase): boolean {
    const { state, note } = test.result() as { state: string; note?: string }
    return this.#endedBy !== undefined && state === 'skipped' && (note === undefined || note === cancelNote)
  }

  /** Vitest starts nothing more, and lets tests that are running end their guests. Its promise ends with the run, which waits for us. */
  #endAfter(reason: string | undefined): void {
    if (reason === undefined || this.#endedBy !== undefined) return
    this.#endedBy = reason
    void this.#vitest?.cancelCurrentRun('test-failure')
  }

  /** A test file that cannot even be loaded, and what is thrown outside of tests, is a fault of the harness. */
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string }[]): void {
    const errors = [...modules.flatMap((module) => module.errors()), ...unhandled]
    if (errors.length > 0) this.#fault = errors.map(({ message }) => message ?? 'unknown error').join('\n')
  }
  #fault: string | undefined

  results(): Map<string, SuiteResults> {
    if (this.#fault) throw new EnvironmentFault('E_SUITES', `The suites could not be run: ${this.#fault}`)
    for (const [key, results] of this.#byTarget) {
      const known = this.#run.targets.find((target) => target.key === key)?.coordinates.known ?? []
      const answered = new Set([...known, ...results.requirements.map(({ id }) => id)])
      const due = this.#run.shard === undefined ? this.#run.requirements : []
      for (const requirement of due)
        if (!answered.has(requirement.id)) results.requirements.push(unanswered(requirement, this.#endedBy))
      results.requirements = foldCauses(this.#inOrder(results.requirements))
      results.metrics = joinSamples(results.metrics)
      results.boots = chooseBoots(this.#boots.filter(({ target }) => target === key))
    }
    return this.#byTarget
  }

  /** Files run side by side; a reader expects the order of the tables. */
  #inOrder(results: readonly RequirementResult[]): RequirementResult[] {
    const ids = this.#run.requirements.map(({ id }) => id)
    return results.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  }

  #of(target: string): SuiteResults {
    return this.#byTarget.get(target) as SuiteResults
  }
}

/** One metric of each name and tier, with the samples of all tests in the order in which they ended. */
export function joinSamples(metrics: readonly Metric[]): Metric[] {
  const byName = Map.groupBy(metrics, ({ name, tier }) => `${name} ${tier}`)
  return [...byName.values()].map((group) => ({
    ...(group[0] as Metric),
    samples: group.flatMap(({ samples }) => samples),
  }))
}

function resultOf(test: TestCase, requirement: Requirement): FoldableResult {
  const { severity = requirement.severity, isNotApplicable, guestTime } = test.meta()
  const hadGuest = guestTime !== undefined && guestTime.ranMs + guestTime.waitedMs > 0
  const durationMs = test.diagnostic()?.duration ?? 0
  const base = { ...identity(requirement), severity, durationMs, ...(hadGuest && { guestTime }) }
  const result = test.result()
  if (result.state === 'passed') return { ...base, status: 'pass', findings: [] }
  if (result.state === 'skipped') return { ...base, ...skipOf(result.note, isNotApplicable) }
  const errors = (result.errors ?? []) as readonly TestError[]
  const sharedFault = errors.map(({ shared }) => shared).find((shared) => shared !== undefined)
  const evidence = errors.map((error) => error.evidence).find((text) => typeof text === 'string')
  return {
    ...base,
    status: errors.some(({ name }) => name === 'EnvironmentFault') ? 'error' : 'fail',
    findings: errors.map((error) => findingOf(error, requirement.remedy)),
    ...(evidence && { evidence }),
    ...(sharedFault && { sharedFault }),
  }
}

/** A skip without a reason is a fault of the suite and never passes for an answer. */
function skipOf(
  reason: string | undefined,
  isNotApplicable: boolean | undefined,
): Pick<RequirementResult, 'status' | 'findings'> {
  return reason
    ? { status: isNotApplicable ? 'not-applicable' : 'skip', findings: [{ message: reason }] }
    : { status: 'error', findings: [{ message: 'The test was skipped without a reason.' }] }
}

const identity = ({ id, suite, title, severity }: Requirement) => ({ id, suite, title, severity })

const unanswered = (requirement: Requirement, endedBy: string | undefined): RequirementResult => ({
  ...identity(requirement),
  status: endedBy === undefined ? 'error' : 'skip',
  durationMs: 0,
  findings: [{ message: endedBy ?? 'No test of the suite answered for this requirement.' }],
})
