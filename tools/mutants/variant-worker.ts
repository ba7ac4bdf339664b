import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type ArchitectureName, architectureNames } from '../../harness/model/architecture.ts'
import { staticEquivalents } from '../equivalents/static-equivalents.ts'
import type { VariantRequest, WorkerTask } from './judge-in-parallel.ts'
import { VariantJudge } from './judge-variant.ts'
import { staticMutants } from './static-mutants.ts'
import type { Variant } from './variant.ts'

const { images, folder } = workerData as WorkerTask
const judges = new Map<ArchitectureName, VariantJudge>(
  architectureNames.map((arch) => {
    const own = join(folder, arch)
    mkdirSync(own, { recursive: true })
    return [arch, new VariantJudge(arch, images[arch], own)]
  }),
)
const variants = new Map<string, Variant>([...staticMutants, ...staticEquivalents].map((each) => [each.id, each]))

parentPort?.on('message', async ({ id, arch }: VariantRequest) => {
  const startedMs = performance.now()
  const failed = await (judges.get(arch) as VariantJudge).judge(variants.get(id) as Variant)
  parentPort?.postMessage({ failed, durationMs: performance.now() - startedMs })
})
