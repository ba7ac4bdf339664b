/** Memory of a guest (boot contract: 2 GiB) with QEMU's own and the test worker's beside it. */
const guestBytes = 2.5 * 1024 ** 3

/** How many guests run side by side where the call does not say: one a core, as far as the free memory goes, at least one. */
export const defaultJobs = (coreCount: number, freeBytes: number, maxJobs: number): number =>
  Math.max(1, Math.min(coreCount, Math.floor(freeBytes / guestBytes), maxJobs))
