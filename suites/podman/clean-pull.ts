import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/exercise/forked-guest.ts'

/**
 * Longest pull that a misbehaving registry may cause. podman tries three times more, with growing pauses, and asks
 * twice for a name that does not resolve, 5 s each: under a minute on an idle machine.
 */
export const pullTimeoutMs = 300_000

/** All that a failed pull could leave: images, containers, layers, and files in the folder for downloads. */
const look = `podman images -a -q; podman ps -a -q --external
cd /var/lib/containers/storage && ls vfs/dir vfs-images vfs-layers 2> /dev/null | grep -E '^[0-9a-f]{64}'
ls -A /var/tmp; :`

/** After a pull that was refused the guest holds nothing of it. */
export async function expectNothingLeft({ agent }: ForkedGuest): Promise<void> {
  expect(await agent.mustShell(look), 'images, layers and temporary files left by the pull').toBe('')
}
