import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lifetime } from '../platform/process/lifetime.ts'
import { runTool, type ToolResult } from '../platform/process/run-tool.ts'
import type { Workloads } from '../workloads/make-workloads.ts'
import { pushWorkloads } from '../workloads/push-workloads.ts'
import { sampleWorkloads } from '../workloads/sample-workloads.ts'
import { type RunningRegistry, startRegistry } from './start-registry.ts'

/** For tests: a real registry in a folder of its own, with some workloads, and skopeo as its client. */
export interface SampleRegistry {
  registry: RunningRegistry
  workloads: Workloads
  /** Ends the registry and removes the folder. */
  lifetime: Lifetime
  folder: string
}

export async function startSampleRegistry(names: readonly string[], mode = 'process'): Promise<SampleRegistry> {
  const lifetime = new Lifetime()
  const folder = await mkdtemp(join(tmpdir(), 'vpdmn-registry-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  try {
    return await stockedSample(names, mode, folder, lifetime)
  } catch (error) {
    await lifetime.end()
    throw error
  }
}

async function stockedSample(
  names: readonly string[],
  mode: string,
  folder: string,
  lifetime: Lifetime,
): Promise<SampleRegistry> {
  const registry = await startRegistry({ mode, folder, lifetime })
  const workloads = await sampleWorkloads(folder, names)
  await pushWorkloads(workloads, registry, names)
  return { registry, workloads, lifetime, folder }
}

const copyLimitMs = 90_000

export interface CopyOptions {
  /** Further options of skopeo-copy(1). */
  options?: readonly string[]
  tlsPort?: number
}

/** Copies an image from a TLS port into a folder. skopeo shares its transport and its retries with podman (containers/image). */
export async function copyByTls(
  { registry, folder }: SampleRegistry,
  reference: string,
  { options = [], tlsPort = registry.tlsPort }: CopyOptions = {},
): Promise<ToolResult> {
  const to = await mkdtemp(join(folder, 'copy-'))
  const from = `docker://localhost:${tlsPort}/${reference}`
  const common = ['copy', '--retry-times', '1', '--src-cert-dir', registry.caFolder]
  return runTool('skopeo', [...common, ...options, from, `dir:${to}`], { timeoutMs: copyLimitMs })
}
