import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'

/**
 * Longest pull that a misbehaving registry may cause. podman tries three times more, with growing pauses, and asks
 * twice for a name that does not resolve, 5 s each: under a minute on an idle machine.
 */
export const pullTimeoutMs = 300_000

const store = '/var/lib/containers/storage'

/**
 * What a failed pull could leave outside of layers: images, containers, and files in the folder for downloads. podman
 * lists the same from these folders, but takes seconds for it under emulation.
 */
const look = `ls ${store}/vfs-images ${store}/vfs-containers 2> /dev/null | grep -oE '^[0-9a-f]{64}'
ls -A /var/tmp; :`

const layersIn = (folder: string) => `ls ${store}/${folder} 2> /dev/null | grep -oE '^[0-9a-f]{64}' | sort -u; :`

/** After a pull that was refused the guest holds nothing of it. */
export async function expectNothingLeft(guest: ForkedGuest): Promise<void> {
  await expectNoHalfImage(guest)
  expect(await guest.agent.mustShell(layersIn('vfs/dir')), 'layers left by the pull').toBe('')
}

interface Layer {
  id: string
  flags?: { incomplete?: boolean }
}

/**
 * After a pull that was refused at a later layer the guest holds no image and no half layer. The layers below are whole
 * and have been checked; podman keeps them for the next try (containers/image, storage_dest.go, commits layer by layer).
 */
export async function expectNoHalfImage({ agent }: ForkedGuest): Promise<void> {
  expect(await agent.mustShell(look), 'images, containers and temporary files left by the pull').toBe('')
  const known = JSON.parse((await agent.mustShell(`cat ${store}/vfs-layers/layers.json || :`)) || '[]') as Layer[]
  const whole = known.filter(({ flags }) => !flags?.incomplete).map(({ id }) => id)
  for (const folder of ['vfs/dir', 'vfs-layers']) {
    const found = (await agent.mustShell(layersIn(folder))).split('\n').filter((id) => id !== '')
    expect(found, `layers in ${folder}, of which only those that layers.json calls whole may be left`).toEqual(
      found.filter((id) => whole.includes(id)),
    )
  }
}
