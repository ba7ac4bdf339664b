import { expect, test } from 'vitest'
import type { RegistryRequest } from '../registry/front/request-log.ts'
import { stampedLines } from './observed-pull.ts'
import { type ObservedPull, pullRecord, stepMs } from './pull-timeline.ts'

const request = (path: string, startMs: number, endMs?: number): RegistryRequest => ({
  ...{ method: 'GET', host: 'registry.test', path, status: 200, bytes: 7, complete: true, startMs },
  ...(endMs !== undefined && { endMs }),
})

const log = `1.00 start
5.00 level=debug msg="Start untar layer"
6.00 level=debug msg="Untar time: 1.0s"
  a line without a stamp
7.00 level=debug msg="Start untar layer"
8.50 level=debug msg="Untar time: 1.5s"
9.00 end 0`

const pull: ObservedPull = {
  reference: 'registry.test/image',
  ...{ startMs: 101_000, endMs: 109_000, lines: stampedLines(log, 100_000) },
  requests: [
    request('/v2/', 102_000, 102_100),
    request(`/v2/image/blobs/sha256:${'1'.repeat(64)}`, 103_000, 104_000),
    request('/v2/image/blobs/sha256:2', 103_500, 104_500),
  ],
}

const stepsOf = (side: string, observed: ObservedPull) =>
  pullRecord(observed).steps.filter((step) => step.side === side)

test('the guest’s work is told from podman’s start', () => {
  const steps = stepsOf('guest', pull).map(({ name, startMs, durationMs }) => [name, startMs, durationMs])
  expect(steps).toEqual([
    ['prepare', 0, 1000],
    ['resolve', 1000, 1000],
    ['download', 2000, 1500],
    ['unpack', 4000, 1000],
    ['unpack', 6000, 1500],
    ['commit', 7500, 500],
  ])
  expect(stepMs(pullRecord(pull), 'unpack')).toBe(2500)
})

test('the registry’s requests stand on the same clock, by what was asked for', () => {
  expect(stepsOf('registry', pull)).toMatchObject([
    { name: 'GET /v2/', startMs: 1000, durationMs: 100, sizeBytes: 7, status: 200 },
    { name: 'GET blob sha256:111111111111', startMs: 2000 },
    { name: 'GET blob sha256:2', startMs: 2500 },
  ])
})

test('what was not seen is no step: a podman that says nothing, a registry that was not asked', () => {
  expect(pullRecord({ ...pull, lines: [], requests: [] }).steps).toEqual([])
})

test('an answer still under way lasts to the end of the pull', () => {
  const observed = { ...pull, requests: [request('/v2/', 105_000)] }
  expect(stepsOf('registry', observed)).toMatchObject([{ durationMs: 4000 }])
})

test('the requests of a client that asks without end are bounded, and so are their names', () => {
  const requests = Array.from({ length: 150 }, () => request(`/v2/${'x'.repeat(5000)}`, 102_000, 102_001))
  const steps = stepsOf('registry', { ...pull, requests })
  expect([steps.length, steps[0]?.name.length]).toEqual([100, 44])
})
