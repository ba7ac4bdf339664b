import type { ConsoleLine } from './guest-console.ts'

/**
 * Durations of the boot's phases in milliseconds, from QEMU's start, on the host's clock: by the time stamps that the
 * boot kit's initramfs prints when `vcontainer_timing` is asked for, and the first marker of the answer. A phase whose
 * stamp did not appear, as with a user's own initramfs, is left out.
 */
export function bootPhases(lines: readonly ConsoleLine[]): Record<string, number> {
  const reached = marks.flatMap(({ metric, pattern }) => {
    const line = lines.find(({ text }) => pattern.test(text))
    return line ? [{ metric, atMs: line.atMs }] : []
  })
  const phases = reached.map(({ metric, atMs }, index) => [metric, atMs - (reached[index - 1]?.atMs ?? 0)] as const)
  const ready = reached.at(-1)
  return { ...Object.fromEntries(phases), ...(ready && { boot_ready_ms: ready.atMs }) }
}

/** Each phase ends with its mark and begins with the mark before it. */
const marks = [
  { metric: 'boot_kernel_ms', pattern: /^vcontainer_timing: initramfs / },
  { metric: 'boot_initramfs_ms', pattern: /^vcontainer_timing: rootfs / },
  { metric: 'boot_rootfs_ms', pattern: /^vcontainer_timing: switch / },
  { metric: 'boot_init_ms', pattern: /^===(?:OUTPUT_START|ERROR)===$/ },
] as const
