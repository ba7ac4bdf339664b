import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'

/** Whether the guest's podman is of this version or later. `since` is `major.minor` or `major.minor.patch`. */
export async function isPodmanSince(guest: ForkedGuest, since: string): Promise<boolean> {
  const version = await guest.mustPodman(['version', '--format', '{{.Client.Version}}'])
  return compareVersions(version, since) >= 0
}

/** Negative, zero or positive, as sorting wants it. What follows the three numbers (`-rhel`, `-dev`) does not count. */
export function compareVersions(one: string, other: string): number {
  const numbers = (version: string) => version.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0)
  const [ours, theirs] = [numbers(one), numbers(other)]
  const index = [0, 1, 2].find((place) => (ours[place] ?? 0) !== (theirs[place] ?? 0))
  return index === undefined ? 0 : (ours[index] ?? 0) - (theirs[index] ?? 0)
}
