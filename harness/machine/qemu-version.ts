import type { Architecture } from '../model/architecture.ts'
import { requireTool, runTool } from '../platform/process/run-tool.ts'
import { askedOnce, questionTimeoutMs as timeoutMs } from './asked-qemu.ts'

/**
 * As QEMU prints it, such as `7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`, and asked once for each file of it. Throws EnvironmentFault
 * where it is missing.
 */
export const qemuVersion = ({ emulator }: Architecture): Promise<string> =>
  askedOnce(emulator, 'qemu version', async () => {
    const { stdout } = await requireTool(emulator, ['--version'], { timeoutMs })
    return /version (.+)/.exec(stdout.toString('utf8'))?.[1] ?? 'unknown'
  })

/** Whether this QEMU was built with its filter of system calls (seccomp); asked once for each file of it. */
export async function hasSandbox({ emulator }: Architecture): Promise<boolean> {
  const answer = await askedOnce(emulator, 'qemu sandbox', async () => {
    const { exitCode } = await runTool(emulator, ['-sandbox', 'on', '-version'], { timeoutMs })
    return exitCode === 0 ? 'yes' : 'no'
  })
  return answer === 'yes'
}
