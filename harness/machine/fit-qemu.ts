import type { Architecture } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { requireTool } from '../platform/process/run-tool.ts'
import { askedOnce, questionTimeoutMs } from './asked-qemu.ts'
import { qemuVersion } from './qemu-version.ts'

/**
 * The first whose emulation has AVX2, without which real images and the runners' model of processor do not start, and all options
 * of the models for aarch64. 5.2 takes every other option of ours; with that model a guest of it restarts before its first line, and
 * its shares open the host's device nodes for a guest (CVE-2023-2861).
 */
const oldestQemu = [7, 2] as const

/** What can be left out when QEMU is built, and the list (`-device help`) that names it where it is there. */
const parts = [
  { list: 'netdev', name: 'user', purpose: 'network of its own (libslirp)' },
  { list: 'device', name: 'virtio-9p-pci', purpose: 'shares (virtfs)' },
  { list: 'device', name: 'virtio-blk-pci', purpose: 'disks' },
  { list: 'device', name: 'virtio-net-pci', purpose: 'network card' },
  { list: 'device', name: 'virtserialport', purpose: 'ports to runners and to the agent' },
] as const

/** Throws EnvironmentFault, in one sentence, where the QEMU found is missing, too old, or without a part that guests need. */
export async function requireFitQemu(architecture: Architecture): Promise<void> {
  const { emulator } = architecture
  const version = await qemuVersion(architecture)
  if (isTooOld(version))
    throw new EnvironmentFault(
      'E_UNFIT_QEMU',
      `${emulator} ${version} is too old: ${oldestQemu.join('.')} is the oldest that runs these guests. Install a newer one, as Debian 12 and Ubuntu 24.04 have it.`,
    )
  const lists = { netdev: await listOf(emulator, 'netdev'), device: await listOf(emulator, 'device') }
  const missing = parts.filter(({ list, name }) => !lists[list].includes(name))
  if (missing.length > 0)
    throw new EnvironmentFault(
      'E_UNFIT_QEMU',
      `${emulator} ${version} was built without ${missing.map(({ name, purpose }) => `${name}, the guest’s ${purpose}`).join('; ')}. Install one that has it, such as your distribution’s whole QEMU.`,
    )
}

/** A version that cannot be read, as one built from a branch may be, is not held against it. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  const [oldestMajor, oldestMinor] = oldestQemu
  return Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)
}

/** The names in a list that QEMU prints, bare or as `name "…", bus …`; asked once for each file of it. */
async function listOf(emulator: string, list: (typeof parts)[number]['list']): Promise<string[]> {
  const answer = await askedOnce(emulator, `qemu ${list}`, async () => {
    const { stdout } = await requireTool(emulator, ['-M', 'none', `-${list}`, 'help'], { timeoutMs: questionTimeoutMs })
    return stdout.toString('utf8')
  })
  return answer.split('\n').map((line) => /^name "([^"]+)"/.exec(line)?.[1] ?? line.trim())
}
