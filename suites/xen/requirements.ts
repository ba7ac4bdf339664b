import { parameter, vcontainerWords as w, xenPrefix } from '../../harness/contract/engines.ts'
import { containerMarkers as c, exitCodeMarker, exitedMarker, markers as m } from '../../harness/contract/markers.ts'
import { type Requirement, type RequirementRow, rowsOfSuite } from '../../harness/model/requirement.ts'

const source = 'contract, "/vxn-init.sh"'
const cmd = parameter('cmd', xenPrefix)
const daemon = `${parameter('daemon', xenPrefix)}=1`

const rows: readonly RequirementRow[] = [
  {
    id: 'XEN-001',
    title: `A domain boots the image from xvda and runs a command in the root file system on xvdb`,
    severity: 'error',
    why: 'Under Xen each container is such a domain.',
    source,
    remedy: `See the domain’s console: the initramfs needs Xen’s disk driver and ${w.blk}=xvd, the image ${w.init}=/vxn-init.sh.`,
    quick: true,
  },
  {
    id: 'XEN-002',
    title: 'The exit code is that of the command in the domain',
    severity: 'error',
    why: 'It is the container’s exit code to everyone outside.',
    source,
    remedy: `Print ${exitCodeMarker('N')} with the status of the command in the container.`,
    quick: true,
  },
  {
    id: 'XEN-003',
    title: 'The image is the read-only disk of the domain below an overlay',
    severity: 'error',
    why: 'All domains of a host share one file: what one of them writes must not reach it.',
    source,
    remedy: 'Let the initramfs mount the squashfs read-only and put an overlay over it.',
  },
  {
    id: 'XEN-004',
    title: 'The domain has the address that the runner gave it, and reaches the bridge',
    severity: 'error',
    feature: 'addresses',
    why: 'The runner publishes ports of that address, which it has chosen itself.',
    source,
    remedy: `Set up the network by ${parameter('ip', xenPrefix)}, ${parameter('gw', xenPrefix)} and ${parameter('prefixlen', xenPrefix)}; Xen’s network driver must be there.`,
  },
  {
    id: 'XEN-005',
    title: 'The domain is gone when its command has ended, and xl tells of no crash',
    severity: 'error',
    why: 'A domain that stays takes its memory from the next one, and a crash is a container that failed.',
    source,
    remedy: 'End by a reboot or a power-off behind the answer; a process 1 that ends panics the kernel.',
  },
  {
    id: 'XEN-006',
    title:
      'The container on a disk with rootfs/ and config.json runs with the configuration’s arguments and environment',
    severity: 'error',
    why: 'It is what a runner hands over for a container without a command of its own.',
    source,
    remedy: `Without ${cmd}, take the arguments and the environment of config.json beside rootfs/.`,
  },
  {
    id: 'XEN-007',
    title: '__VXNARGV__ gives a program its arguments unchanged: quotes, blanks, dollars and an empty one',
    severity: 'error',
    why: 'A runner sends arguments this way so that no shell reads them again.',
    source,
    remedy: 'Decode each part of the vector by itself and execute it without a shell.',
  },
  {
    id: 'XEN-008',
    title: 'A program runs in a container that has no /bin/sh',
    severity: 'error',
    why: 'Images of one static program are common, and have no shell.',
    source,
    remedy: 'Where the root file system has no /bin/sh, execute the command’s words directly.',
  },
  {
    id: 'XEN-009',
    title: 'Two domains side by side run each its own container',
    severity: 'error',
    why: 'A host runs as many containers as it has domains, all from one image.',
    source,
    remedy: 'Take everything that differs from the kernel’s command line and the domain’s own disk.',
  },
  {
    id: 'XEN-010',
    title: 'A domain whose disk holds no container answers an error and ends',
    severity: 'error',
    why: 'A runner that handed over the wrong disk must learn it at once.',
    source,
    remedy: `Where the disk holds nothing that can be run, print ${m.error} and a sentence, then reboot.`,
  },
  {
    id: 'XEN-011',
    title: 'The container of an OCI layout on xvdb runs with its entry point and arguments in 512 MiB',
    severity: 'warning',
    why: 'Older runners handed over a layout; those of today unpack it themselves.',
    source,
    remedy: 'Where the disk holds an oci-layout file, unpack its image and run what its configuration says.',
  },
  {
    id: 'XEN-012',
    title: `With ${daemon} the domain says ${m.pong} on its console by itself`,
    severity: 'error',
    why: 'A runner knows by that line that the domain serves it.',
    source,
    remedy: `With ${daemon}, print ${m.pong} on the console and read lines from it.`,
  },
  {
    id: 'XEN-013',
    title: `${c.status} tells that the container of a daemon runs, and its exit code when it has ended`,
    severity: 'error',
    why: 'It is all that a runner learns of a container in the background.',
    source,
    remedy: `Answer ${c.status} by ${c.running}, and by ${exitedMarker('N')} once the command has ended with N.`,
  },
  {
    id: 'XEN-014',
    title: `${m.shutdown} on the console of a daemon ends the domain`,
    severity: 'error',
    why: 'It is how a runner ends a container in the background; a domain that stays keeps its memory.',
    source,
    remedy: `Read ${m.shutdown} from the console, and reboot.`,
  },
]

/** What an image must do in a domain of Xen. */
export const xenRequirements: readonly Requirement[] = rowsOfSuite('xen', rows)
