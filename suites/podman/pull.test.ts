import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/exercise/forked-guest.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'

/** A pull of the smallest image takes 6 s on aarch64 under emulation. */
const timeoutMs = 180_000

requirement('PUL-001', timeoutMs, async ({ guest, recordMs }) => {
  const startedMs = performance.now()
  await guest.mustPodman(['pull', '-q', 'docker.io/library/alpine:latest'], { timeoutMs })
  recordMs('pull_tiny_ms', performance.now() - startedMs)
  expect(await imageNames(guest)).toContain('docker.io/library/alpine:latest')
})

requirement('PUL-002', timeoutMs, async ({ guest }) => {
  await guest.mustPodman(['pull', '-q', 'busybox'], { timeoutMs })
  expect(await imageNames(guest)).toContain('docker.io/library/busybox:latest')
})

async function imageNames(guest: ForkedGuest): Promise<string[]> {
  return (await guest.mustPodman(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n')
}
