import { createCipheriv } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { exactSteps } from '../../../harness/measure/steps.ts'
import { forEachArchitecture } from '../../../harness/model/architecture.ts'
import type { Metric } from '../../../harness/model/result.ts'
import { makeWorkloads, type Workloads, workloadsIn } from '../../../harness/workloads/make-workloads.ts'
import type { BenchmarkContext } from '../benchmark.ts'
import { exactTrial, injectedSizes, sampleOf, type TriedKind } from './exact-trial.ts'

/** Large enough that unpacking it, and not podman's start, is most of the pull. */
const layerBytes = 32 * 1024 * 1024
const steps = exactSteps.filter(({ phase }) => phase === 'pull_alpine')
const sameTrials = 3
const calibrationUs = 100_000

/** One pull: the same again, of a larger layer, and from a registry that answers each request later. */
export async function pullTrials(context: BenchmarkContext): Promise<TriedKind[]> {
  const kind = { gate: `tier 0, pull, ${context.arch}` }
  const workloads = await oneLayer(context, layerBytes)
  const late = (delayUs: number) => (seed: number) =>
    pullMetrics(context, { steps, workloads, changed: lateRegistry(delayUs) }, seed)
  const baseline = await late(0)(1)
  const pullNs = wholePull(baseline)
  const requests = (wholePull(await late(calibrationUs)(1)) - pullNs) / (calibrationUs * 1000)
  const ofLayer = async (percent: number) => {
    const larger = await oneLayer(context, Math.round(layerBytes * (1 + percent / 100)))
    return (seed: number) => pullMetrics(context, { steps, workloads: larger, changed: lateRegistry(0) }, seed)
  }
  return [
    { ...kind, baseline, injected: 'nothing', percent: 0, trials: sameTrials, measure: late(0) },
    ...(await Promise.all(
      injectedSizes.map(async (percent) => {
        const measure = await ofLayer(percent)
        return { ...kind, baseline, injected: 'larger layer', percent, trials: 1, measure }
      }),
    )),
    ...injectedSizes.map((percent) => {
      const delayUs = Math.round((pullNs * percent) / 100 / 1000 / requests)
      return { ...kind, baseline, injected: 'slower registry', percent, trials: 1, measure: late(delayUs) }
    }),
  ]
}

/** The metrics of the pull alone: what is injected must show there. */
async function pullMetrics(...args: Parameters<typeof exactTrial>): Promise<Metric[]> {
  return (await exactTrial(...args)).filter(({ name }) => name.startsWith('exact_pull_'))
}

/** Work and waiting, in nanoseconds. */
const wholePull = (metrics: readonly Metric[]): number =>
  sampleOf(metrics, 'exact_pull_alpine_instructions') + sampleOf(metrics, 'exact_pull_alpine_wait_ns')

/** An image of one incompressible file, under the name that the steps pull. */
async function oneLayer({ folder }: BenchmarkContext, sizeBytes: number): Promise<Workloads> {
  const content = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
  const workload = {
    ...{ name: 'alpine', purpose: 'Its layer has a chosen size.', references: [], settings: {} },
    layers: () => [{ entries: [{ type: 'file' as const, path: 'content', content }] }],
  }
  const place = await mkdtemp(join(folder, 'layer-'))
  const none = new Uint8Array()
  return workloadsIn(
    place,
    await makeWorkloads(
      [workload],
      forEachArchitecture(() => none),
      place,
    ),
  )
}

/** Every connection has a server of its own, which begins with a sleep. */
const lateRegistry = (delayUs: number): Record<string, string> => ({
  serve: '$busybox nc -ll -p 5000 -e "$tools/late" &\n',
  late: `#!/dev/.measure/busybox sh
tools=/dev/.measure
$tools/busybox usleep ${delayUs}
exec $tools/busybox httpd -i -h $tools/registry -c $tools/httpd.conf
`,
})
