import { dirname, join } from 'node:path'
import { afterEach, test as base, beforeEach, inject, type TaskMeta } from 'vitest'
import { requirementOf } from '../../suites/requirements.ts'
import type { ForkedGuest } from '../guest/prepare/forked-guest.ts'
import { keepGuest } from '../guest/prepare/kept-guest.ts'
import { takeBootSamples } from '../guest/runner/boot-samples.ts'
import { takeGuestTime } from '../machine/guest-time.ts'
import type { Severity } from '../model/requirement.ts'
import type { Metric } from '../model/result.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import type { GuestFrontOptions } from '../registry/open-guest-front.ts'
import { admitTest, longestWaitMs } from './admission.ts'
import { forkOf, forkWithFront, type GuestWithFront, type TemplateName } from './podman-guest.ts'
import type { PullRecord } from './pull-timeline.ts'

interface Fixtures {
  /** Ends everything that the test started, whichever way it ends. */
  lifetime: Lifetime
  /** A guest of its own in which podman has not been used yet. */
  guest: ForkedGuest
  /** A guest of its own whose store holds `docker.io/library/alpine:latest`. */
  pulledGuest: ForkedGuest
  /** Makes a guest of its own behind a front of its own: faults, certificate, request log. */
  guestBehind: (options: GuestFrontOptions, template?: TemplateName) => Promise<GuestWithFront>
  /** Records a duration as a wall-time sample of this run. */
  recordMs: (name: string, durationMs: number) => void
  /** Shows a pull in the report. */
  recordPull: (pull: PullRecord) => void
  /** Lets a failure weigh less than the requirement says, where what was measured here proves less. */
  weighAs: (severity: Severity) => void
  /** Adds the phases and the console of every boot that ended during the test, and how the time of its guests was spent. */
  bootSamples: undefined
  /** Keeps the guest of a test that failed, where the run asks for it. */
  keptGuest: undefined
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
  guestBehind: async ({ lifetime }, use) =>
    use((options, template = 'fresh') => forkWithFront(template, options, lifetime)),
  recordMs: async ({ task }, use) => {
    await use((name, durationMs) => addMetrics(task, [{ name, unit: 'ms', tier: 2, samples: [durationMs] }]))
  },
  recordPull: async ({ task }, use) => {
    await use((pull) => {
      task.meta.pulls = [...(task.meta.pulls ?? []), pull]
    })
  },
  weighAs: async ({ task }, use) => {
    await use((severity) => {
      task.meta.severity = severity
    })
  },
  bootSamples: [
    async ({ task }, use) => {
      await use(undefined)
      task.meta.guestTime = takeGuestTime()
      const { metrics, records } = takeBootSamples()
      addMetrics(task, metrics)
      task.meta.boots = records
    },
    { auto: true },
  ],
  // Needs `lifetime` so that it ends before the guest does.
  keptGuest: [
    async ({ task, lifetime: _ }, use) => {
      await use(undefined)
      const { snapshots } = inject('coordinates')
      if (snapshots && task.result?.state === 'fail') await keepGuest(snapshots, task.meta.requirement ?? task.id)
    },
    { auto: true },
  ],
})

let endTest: (() => void) | undefined
/** Before the test and its fixtures, so that the wait counts against no bound of theirs. */
beforeEach(async ({ task }) => {
  endTest = undefined
  if (!task.meta.isNotApplicable) endTest = await admitTest(join(dirname(inject('coordinates').runFolder), 'tests'))
}, 2 * longestWaitMs)
afterEach(() => endTest?.())

function addMetrics({ meta }: { meta: TaskMeta }, metrics: readonly Metric[]): void {
  meta.metrics = [...(meta.metrics ?? []), ...metrics]
}

type Body = Parameters<typeof test>[2]

/**
 * Defines the test that answers for one requirement of the suites' tables. `timeoutMs` bounds all of it. A requirement whose feature
 * neither the image's era nor its init has is not applicable; one whose result is known is passed over.
 */
export function requirement(id: string, timeoutMs: number, body: NonNullable<Body>): void {
  const { title, feature } = requirementOf(id)
  const { notApplicable, known } = inject('coordinates')
  const reason = feature && notApplicable?.[feature]
  const name = `${id} ${title}`
  if (known?.includes(id)) base.skip(name)
  else if (reason === undefined) test(name, { timeout: timeoutMs, meta: { requirement: id } }, body)
  else base(name, { meta: { requirement: id, isNotApplicable: true } }, ({ skip }) => skip(reason))
}
