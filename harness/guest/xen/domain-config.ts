import { vcontainerWords, xenInit, xenPrefix } from '../../contract/engines.ts'
import { type ContractRequest, contractParameters } from '../../contract/request.ts'
import type { ArchitectureName } from '../../model/architecture.ts'

/** What the layer's runner gives each domain (boot contract, "/vxn-init.sh"). */
const domainShape = { memoryMiB: 512, cpuCount: 2, disks: 'xvd' } as const
/** To which the runner joins each domain's network device. */
export const domainBridge = 'xenbr0'

/** How domains of an architecture are run: x86_64's as paravirtualised ones, which need nothing of the processor. */
const domainTypes: Readonly<Record<ArchitectureName, string>> = { x86_64: 'pv', aarch64: 'pvh' }

/** Block devices of dom0, in the order in which its machine has them. */
const hostDevices = { rootfs: '/dev/vdc', inputs: ['/dev/vdd', '/dev/vde'] } as const

/** Kernel and initramfs of the domains in dom0 (harness/recipes/xen-host/scripts/init). */
const bootFiles = { kernel: '/boot/kernel', ramdisk: '/boot/initramfs' } as const

/** What a domain is created for. */
export interface DomainPlan {
  name: string
  request: ContractRequest
  /** Which of dom0's input disks it gets; none where left out. */
  input?: 0 | 1
}

/** A domain's configuration, as the layer's runner writes it (xl.cfg(5)). */
export function domainConfig(arch: ArchitectureName, { name, request, input }: DomainPlan): string {
  const disks = [
    diskText('a', 'ro', hostDevices.rootfs),
    ...(input === undefined ? [] : [diskText('b', 'rw', hostDevices.inputs[input])]),
  ]
  const settings: Readonly<Record<string, string | number | readonly string[]>> = {
    name,
    type: domainTypes[arch],
    memory: domainShape.memoryMiB,
    vcpus: domainShape.cpuCount,
    ...bootFiles,
    extra: domainParameters(request).join(' '),
    disk: disks,
    vif: [`bridge=${domainBridge}`],
    serial: 'pty',
    on_poweroff: 'destroy',
    on_reboot: 'destroy',
    on_crash: 'destroy',
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${settingText(value)}\n`)
    .join('')
}

const diskText = (letter: string, access: 'ro' | 'rw', target: string): string =>
  `format=raw,vdev=${domainShape.disks}${letter},access=${access},target=${target}`

const domainParameters = (request: ContractRequest): string[] => [
  ...['console=hvc0', 'quiet', 'loglevel=0', 'init=/init'],
  ...[`${vcontainerWords.blk}=${domainShape.disks}`, `${vcontainerWords.init}=${xenInit}`],
  ...contractParameters(request, xenPrefix),
]

/** None of the values that the harness writes has a quote or a backslash, which xl would need otherwise written. */
const settingText = (value: string | number | readonly string[]): string => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? `"${value}"` : `[${value.map((text) => `'${text}'`).join(', ')}]`
}
