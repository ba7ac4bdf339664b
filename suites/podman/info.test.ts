import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/exercise/forked-guest.ts'
import { requirement } from '../../harness/exercise/requirement-test.ts'

/** podman info takes 2 to 4 s under emulation, several times that beside other guests. */
const timeoutMs = 120_000

interface PodmanInfo {
  host: { networkBackend: string; ociRuntime: { name: string } }
  store: { graphDriverName: string }
}

async function podmanInfo(guest: ForkedGuest): Promise<PodmanInfo> {
  return JSON.parse(await guest.mustPodman(['info', '--format', 'json'])) as PodmanInfo
}

requirement('INF-001', timeoutMs, async ({ guest }) => {
  expect((await podmanInfo(guest)).store.graphDriverName, 'storage driver of podman info').toBe('vfs')
})

requirement('INF-002', timeoutMs, async ({ guest }) => {
  expect((await podmanInfo(guest)).host.networkBackend, 'network backend of podman info').toBe('netavark')
})

requirement('INF-003', timeoutMs, async ({ guest }) => {
  expect((await podmanInfo(guest)).host.ociRuntime.name, 'OCI runtime of podman info').toBe('crun')
})
