import { sha256OfFile } from '../image/open-image-file.ts'
import type { GuestPlan } from '../machine/guest-plan.ts'
import { qemuVersion } from '../machine/qemu-version.ts'
import { CallFault } from '../model/faults.ts'
import type { MeasurementKey } from '../report/schema.ts'

/**
 * All that shapes a measurement beside the image. Two measurements are comparable where their keys are the same; the
 * kit's initramfs and the workload are identified by their content.
 */
export async function measurementKey(
  plan: GuestPlan,
  initramfs: string,
  workloadSha256: string,
): Promise<MeasurementKey> {
  const { shape, boot, options = [], devices } = plan
  if (!boot) throw new Error('A measured guest must boot.')
  return {
    arch: shape.architecture.name,
    machine: shape.architecture.machine,
    cpu: shape.cpu,
    accelerator: [shape.accelerator, ...options].join(' '),
    qemu: await qemuVersion(shape.architecture),
    cpuCount: String(shape.cpuCount),
    memoryMiB: String(shape.memoryMiB),
    devices: String(devices.length),
    kernel: await sha256OfFile(boot.kernel),
    initramfs: await sha256OfFile(initramfs),
    parameters: [...shape.kernelParameters, ...boot.parameters].join(' '),
    workload: workloadSha256,
  }
}

/** Throws CallFault naming each part that differs, with both values. */
export function requireComparable(baseline: MeasurementKey, fresh: MeasurementKey, file: string): void {
  const parts = (Object.keys(fresh) as (keyof MeasurementKey)[]).filter((part) => baseline[part] !== fresh[part])
  if (parts.length === 0) return
  const differences = parts.map((part) => `${part} was ${shown(baseline[part])}, is ${shown(fresh[part])}`)
  throw new CallFault(
    `The baseline ${file} cannot be compared with this run: ${differences.join('; ')}. Measure a baseline anew here.`,
  )
}

/** The first digits of a hash suffice to tell it from another. */
const shown = (value: string): string => (/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : `"${value}"`)
