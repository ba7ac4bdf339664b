import { test as base, inject } from 'vitest'
import { requirementOf } from '../../suites/requirements.ts'
import { EnvironmentFault, GuestFault } from '../faults.ts'
import { Lifetime } from '../process/lifetime.ts'
import type { Metric } from '../report/schema.ts'
import type { PreparedTemplates } from './coordinates.ts'
import { type ForkedGuest, forkGuest } from './forked-guest.ts'

interface Fixtures {
  /** Ends everything that the test started, whichever way it ends. */
  lifetime: Lifetime
  /** A guest of its own in which podman has not been used yet. */
  guest: ForkedGuest
  /** A guest of its own whose store holds `docker.io/library/alpine:latest`. */
  pulledGuest: ForkedGuest
  /** Records a duration as a wall-time sample of this run. */
  recordMs: (name: string, durationMs: number) => void
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from this pattern
  lifetime: async ({}, use) => {
    const lifetime = new Lifetime()
    await use(lifetime)
    await lifetime.end()
  },
  guest: async ({ lifetime }, use) => use(await forkOf('fresh', lifetime)),
  pulledGuest: async ({ lifetime }, use) => use(await forkOf('pulled', lifetime)),
  recordMs: async ({ task }, use) => {
    const metrics: Metric[] = []
    task.meta.metrics = metrics
    await use((name, durationMs) => metrics.push({ name, unit: 'ms', tier: 2, samples: [durationMs] }))
  },
})

function forkOf(name: keyof PreparedTemplates, lifetime: Lifetime): Promise<ForkedGuest> {
  const { templates, runFolder } = inject('coordinates')
  if (!templates) throw new EnvironmentFault('No templates were made for this suite.')
  const prepared = templates[name]
  if ('fault' in prepared) throw new GuestFault(prepared.fault.message, prepared.fault.evidence)
  return forkGuest(prepared.template, runFolder, lifetime)
}

type Body = Parameters<typeof test>[2]

/** Defines the test that answers for one requirement of the suites' tables. `timeoutMs` bounds all of it. */
export function requirement(id: string, timeoutMs: number, body: NonNullable<Body>): void {
  const { title } = requirementOf(id)
  test(`${id} ${title}`, { timeout: timeoutMs, meta: { requirement: id } }, body)
}
