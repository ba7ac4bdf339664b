import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import { copyByTls, type SampleRegistry, startSampleRegistry } from '../sample-registry.ts'
import { type FaultCase, faultCases } from './fault-cases.ts'

let sample: SampleRegistry
let skopeoMinor: number

beforeAll(async () => {
  sample = await startSampleRegistry(['alpine', 'medium-layer'])
  const { stdout } = await requireTool('skopeo', ['--version'], { timeoutMs: 10_000 })
  skopeoMinor = Number(/version 1\.(\d+)/.exec(stdout.toString())?.[1])
})
afterAll(() => sample.lifetime.end())

/** The first skopeo with the same containers/image and containers/common as that podman, by their release notes. */
const skopeoMinorOf = { '4.4': 11, '5.5': 19 }

const expectedOf = ({ pull, sincePodman }: FaultCase): FaultCase['pull'] =>
  sincePodman !== undefined && skopeoMinor < skopeoMinorOf[sincePodman] ? 'fails' : pull

describe('a pull from a registry where', () => {
  const titles = faultCases().map(({ id, title }) => ({ id, title }))
  test.concurrent.each(titles)('$title ends as stated', { timeout: 120_000 }, async ({ id }) => {
    // The client knows the front as localhost: that is where a redirect has to lead.
    const faultCase = faultCases(`localhost:${sample.registry.tlsPort}`).find((candidate) => candidate.id === id)
    if (!faultCase) throw new Error(id)
    const front = await sample.registry.openFront({
      faults: faultCase.faults(),
      certificate: faultCase.certificate ?? 'trusted',
    })
    const copied = await copyByTls(sample, faultCase.reference, { tlsPort: front.tlsPort })
    await front.close()
    expect(copied.timedOut).toBe(false)
    expect(copied.exitCode === 0 ? 'succeeds' : 'fails', copied.stderr).toBe(expectedOf(faultCase))
    const faultWasMet = front.requests().some(({ fault }) => fault !== undefined)
    expect(faultWasMet).toBe(faultCase.certificate === undefined)
  })
})
