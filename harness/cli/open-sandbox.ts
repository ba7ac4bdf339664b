import { sandboxGaps } from '../machine/confined-qemu.ts'
import { switchSandboxOff } from '../machine/sandbox-switch.ts'
import { type ArchitectureName, architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import type { VerifyRun } from './verify-call.ts'

/**
 * Holds QEMU as was asked from now on, and tells what of its sandbox is not in force, before the first guest starts. Throws
 * EnvironmentFault where all of it is required and some is not to be had.
 */
export async function openSandbox(
  wish: VerifyRun['sandbox'],
  names: Iterable<ArchitectureName>,
  warn: (sentence: string) => void,
): Promise<void> {
  if (wish === 'off') switchSandboxOff()
  const gaps = await Promise.all([...names].map((name) => sandboxGaps(architectures[name])))
  const text = [...new Set(gaps.flat())].join('; ')
  if (text === '') return
  if (wish === 'required')
    throw new EnvironmentFault(
      'E_NO_SANDBOX',
      `QEMU cannot have all of its sandbox here, as --require-sandbox demands: ${text}. Mend that, or leave the option out where images are yours.`,
    )
  warn(`QEMU is not held as it should be: ${text}. What that means for images of strangers stands in SECURITY.md.`)
}
