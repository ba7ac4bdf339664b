import { parameter, vcontainerWords as w, xenPrefix } from '../../../harness/contract/engines.ts'
import { exitCodeMarker, markers as m } from '../../../harness/contract/markers.ts'
import type { RequirementRow } from '../../../harness/model/requirement.ts'

const source = 'image recipe, /vxn-init.sh; contract, "Xen"'
const cmd = parameter('cmd', xenPrefix)

/** The init for Xen, where one machine is one container; booted under QEMU by its parameters. */
export const xenRequirements: readonly RequirementRow[] = [
  {
    id: 'VXN-001',
    title: `${w.init}=/vxn-init.sh runs a command in the root file system on the input disk`,
    severity: 'error',
    why: 'Under Xen the runner hands over the container’s files as a disk.',
    source,
    remedy: `Ship an executable /vxn-init.sh that mounts the input disk and runs ${cmd} with it as the root.`,
  },
  {
    id: 'VXN-002',
    title: 'Its exit code is the command’s',
    severity: 'error',
    why: 'It is the container’s exit code to everyone outside.',
    source,
    remedy: `Print ${exitCodeMarker('N')} with the status of the command in the container.`,
  },
  {
    id: 'VXN-003',
    title: '/vxn-init.sh runs a command in the image of an OCI layout on the input disk',
    severity: 'warning',
    why: 'Older runners handed over a layout; those of today unpack it themselves.',
    source,
    remedy: `Where the input disk holds an oci-layout file, unpack its image and run ${cmd} in it.`,
  },
  {
    id: 'VXN-004',
    title: 'The exit code of a container from an OCI layout is the command’s',
    severity: 'warning',
    why: 'It is the container’s exit code to everyone outside.',
    source,
    remedy: `Print ${exitCodeMarker('N')} with the status of the command in the container.`,
  },
  {
    id: 'VXN-005',
    title: '/vxn-init.sh answers an input disk without a container by an error',
    severity: 'error',
    why: 'A runner that handed over the wrong disk must learn it at once.',
    source: `${source}; "Commands and answers"`,
    remedy: `Where the disk holds nothing that can be run, print ${m.error} and a sentence, then reboot.`,
  },
]
