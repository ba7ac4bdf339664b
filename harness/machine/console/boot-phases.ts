import { vcontainerWords } from '../../contract/engines.ts'
import type { ConsoleLine } from './guest-console.ts'

interface Mark {
  /** The phase that ends here. */
  metric: string
  /** What the console shows then; the first group, where it has one, is the guest's uptime in seconds. */
  pattern: RegExp
}

/** A stamp of the boot, with the uptime in seconds. */
const stamp = (stage: string): RegExp => new RegExp(`^${vcontainerWords.timing}: ${stage} (\\d+\\.\\d+)$`)

/**
 * Each phase begins with the mark before it. The stamps are those of the boot kit's initramfs and of the reference
 * image's init; where one does not appear, as with a user's own, the next phase begins earlier.
 */
const marks: readonly Mark[] = [
  { metric: 'boot_kernel_ms', pattern: stamp('initramfs') },
  { metric: 'boot_initramfs_ms', pattern: stamp('rootfs') },
  { metric: 'boot_rootfs_ms', pattern: stamp('switch') },
  { metric: 'boot_switch_ms', pattern: stamp('init') },
  { metric: 'boot_init_ms', pattern: /^@@ready$/ },
]

/**
 * Durations of a boot's phases in milliseconds, on the host's clock: from QEMU's start over the firmware, the kernel,
 * the initramfs (up to the mounted root, then up to the switch) and the image's init to the first command. The time
 * before the kernel's own clock starts counts as the firmware's.
 */
export function bootPhases(lines: readonly ConsoleLine[]): Record<string, number> {
  const reached = marks.flatMap(({ metric, pattern }) => {
    const line = lines.find(({ text }) => pattern.test(text))
    const uptimeSeconds = line && pattern.exec(line.text)?.[1]
    return line ? [{ metric, atMs: line.atMs, uptimeMs: Number(uptimeSeconds) * 1000 }] : []
  })
  const first = reached[0]
  const firmwareMs = first && Math.max(0, first.atMs - first.uptimeMs)
  if (firmwareMs === undefined || Number.isNaN(firmwareMs)) return {}
  const phases = reached.map(({ metric, atMs }, index) => {
    const sinceMs = reached[index - 1]?.atMs ?? firmwareMs
    return [metric, atMs - sinceMs] as const
  })
  const ready = reached.find(({ metric }) => metric === 'boot_init_ms')
  return {
    boot_firmware_ms: firmwareMs,
    ...Object.fromEntries(phases),
    ...(ready && { boot_ready_ms: ready.atMs }),
  }
}
