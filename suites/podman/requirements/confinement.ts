import type { RequirementRow } from '../../../harness/model/requirement.ts'

const runPage = (part: string): string => `podman-run(1), ${part}`
const controllers =
  'Mount cgroup2 in the init, enable its controllers in cgroup.subtree_control, and build the kernel with them (CONFIG_MEMCG, CONFIG_CGROUP_PIDS, CONFIG_CFS_BANDWIDTH).'
const unpatched = 'Set no default that is weaker in containers.conf; use an unpatched podman and crun.'

/** What keeps a container from the guest and from others: limits, capabilities, system calls, name spaces. */
export const confinementRequirements: readonly RequirementRow[] = [
  {
    id: 'CNF-001',
    title: 'A container that needs more memory than its limit is killed, alone, and said to be',
    severity: 'error',
    why: 'Without the limit one container takes the guest’s memory and everything else with it.',
    source: runPage('--memory'),
    remedy: controllers,
  },
  {
    id: 'CNF-002',
    title: 'A container cannot start more processes than its limit',
    severity: 'error',
    why: 'A fork bomb must stay inside.',
    source: runPage('--pids-limit'),
    remedy: controllers,
  },
  {
    id: 'CNF-003',
    title: 'Limits of memory, processes and processor time are set in the container’s control group',
    severity: 'error',
    why: 'A limit that is taken and not set is worse than a refusal.',
    source: `${runPage('--memory, --pids-limit, --cpus')}; kernel documentation, "Control Group v2"`,
    remedy: controllers,
  },
  {
    id: 'CNF-004',
    title: 'Resource limits and the size of /dev/shm are those asked for',
    severity: 'error',
    why: 'Databases and browsers fail with the defaults.',
    source: runPage('--ulimit, --shm-size'),
    remedy: unpatched,
  },
  {
    id: 'CNF-005',
    title: 'A container has only podman’s default capabilities',
    severity: 'error',
    why: 'Each one more is a way to take over the guest.',
    source: 'containers.conf(5), default_capabilities',
    remedy: 'Leave default_capabilities in containers.conf as it is.',
  },
  {
    id: 'CNF-006',
    title: 'Capabilities are dropped and added as asked for',
    severity: 'error',
    why: 'Hardened deployments drop all and add one.',
    source: runPage('--cap-add, --cap-drop'),
    remedy: unpatched,
  },
  {
    id: 'CNF-007',
    title: 'The system call filter is active and refuses',
    severity: 'error',
    why: 'It closes most of the kernel to a container that was broken into.',
    source: 'containers-common, seccomp.json; seccomp(2)',
    remedy:
      'Ship /usr/share/containers/seccomp.json (or a podman with the filter built in), a crun with +SECCOMP, and a kernel with CONFIG_SECCOMP_FILTER.',
  },
  {
    id: 'CNF-008',
    title: 'A privileged container has all capabilities and no filter',
    severity: 'warning',
    why: 'Builds in containers and tools for devices need it.',
    source: runPage('--privileged'),
    remedy: unpatched,
  },
  {
    id: 'CNF-009',
    title: 'With no-new-privileges a program cannot gain any',
    severity: 'error',
    why: 'It makes setuid programs in images harmless.',
    source: runPage('--security-opt no-new-privileges'),
    remedy: unpatched,
  },
  {
    id: 'CNF-010',
    title: 'Kernel settings and kernel memory are out of a container’s reach',
    severity: 'blocker',
    why: 'A container that writes /proc/sys or reads /proc/kcore owns the guest.',
    source: 'OCI runtime specification, "Masked Paths", "Readonly Paths"',
    remedy: unpatched,
  },
  {
    id: 'CNF-011',
    title: 'A container sees the standard devices and none of the guest’s',
    severity: 'blocker',
    why: 'The root disk and the channels to the host lie in /dev.',
    source: 'OCI runtime specification, "Default Devices"',
    remedy: 'Set no devices in containers.conf.',
  },
  {
    id: 'CNF-012',
    title: 'A container sees its own processes only and is the first of them',
    severity: 'error',
    why: 'Otherwise it can signal and read the guest’s.',
    source: runPage('--pid'),
    remedy: 'Set no pidns in containers.conf; build the kernel with CONFIG_PID_NS.',
  },
  {
    id: 'CNF-013',
    title: 'A user name space maps the owners of the image',
    severity: 'error',
    why: 'With it root in a container is nobody in the guest.',
    source: runPage('--uidmap'),
    remedy: 'Build the kernel with CONFIG_USER_NS; a store on vfs is copied and chowned, so give it room.',
  },
]
