import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'

/** Full names, with tags, of all images in the store. */
export async function imageNames(guest: ForkedGuest): Promise<string[]> {
  return (await guest.mustPodman(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n')
}
