import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lifetime } from '../../process/lifetime.ts'
import { runTool } from '../../process/run-tool.ts'
import { pushWorkloads } from '../../workloads/push-workloads.ts'
import { sampleWorkloads } from '../../workloads/sample-workloads.ts'
import { type RunningRegistry, startRegistry } from '../start-registry.ts'
import { faultCases } from './fault-cases.ts'

/** skopeo shares its transport with podman (containers/image) and retries as often as podman does. */
const copyArguments = ['copy', '--retry-times', '3', '--src-cert-dir']
const pullLimitMs = 90_000

const lifetime = new Lifetime()
let folder: string
let registry: RunningRegistry

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpdmn-faults-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  registry = await startRegistry({ mode: 'process', folder, lifetime })
  await pushWorkloads(await sampleWorkloads(folder, ['alpine']), registry, ['alpine'])
})
afterAll(() => lifetime.end())

describe('a pull from a registry where', () => {
  it.concurrent.each(faultCases().map(({ id, title, pull }) => ({ id, title, pull })))(
    '$title $pull',
    { timeout: pullLimitMs },
    async ({ id, pull }) => {
      const faultCase = faultCases(`localhost:${registry.tlsPort}`).find((candidate) => candidate.id === id)
      if (!faultCase) throw new Error(id)
      const { faults, certificate = 'trusted' } = faultCase
      const front = await registry.openFront({ faults: faults(), certificate })
      const from = `docker://localhost:${front.tlsPort}/library/alpine:latest`
      const copied = await runTool('skopeo', [...copyArguments, registry.caFolder, from, `dir:${folder}/${id}`], {
        timeoutMs: pullLimitMs,
      })
      await front.close()
      expect(copied.stderr).not.toContain('panic')
      expect(copied.exitCode === 0 ? 'succeeds' : 'fails').toBe(pull)
      const met = front.requests().map(({ fault }) => fault)
      if (certificate === 'trusted') expect(met.some((fault) => fault !== undefined)).toBe(true)
      else expect(front.requests()).toEqual([])
    },
  )
})
