import { exactSteps } from '../../../harness/measure/steps.ts'
import { ensureWorkloads } from '../../../harness/workloads/ensure-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { exactTry, type TriedKind } from './exact-try.ts'

const sameTries = 20

/** The same again, every phase of it: podman's commands vary most, and one of them over its limit is a false alarm. */
export async function wholeTries(context: BenchmarkContext): Promise<TriedKind[]> {
  const contents = { steps: exactSteps, workloads: await ensureWorkloads() }
  const measure = (seed: number) => exactTry(context, contents, seed)
  const gate = `tier 0, all phases, ${context.arch}`
  return [{ gate, injected: 'nothing', percent: 0, tries: sameTries, baseline: await measure(1), measure }]
}
