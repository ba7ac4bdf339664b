import { exactSteps } from '../../../harness/measure/steps.ts'
import { ensureWorkloads } from '../../../harness/workloads/ensure-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { exactTrial, type TriedKind } from './exact-trial.ts'

const sameTrials = 20

/** The same again, every phase of it: podman's commands vary most, and one of them over its limit is a false alarm. */
export async function wholeTrials(context: BenchmarkContext): Promise<TriedKind[]> {
  const contents = { steps: exactSteps, workloads: await ensureWorkloads() }
  const measure = (seed: number) => exactTrial(context, contents, seed)
  const gate = `tier 0, all phases, ${context.arch}`
  return [{ gate, injected: 'nothing', percent: 0, trials: sameTrials, baseline: await measure(1), measure }]
}
