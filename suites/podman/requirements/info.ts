import type { RequirementRow } from '../../../harness/model/requirement.ts'

/** What podman says about itself. */
export const infoRequirements: readonly RequirementRow[] = [
  {
    id: 'INF-008',
    title: 'A guest with a network comes to serve commands and runs podman',
    severity: 'blocker',
    why: 'Nothing else can be tried in a guest that does not get so far.',
    source: 'contract, "Daemon": readiness',
    remedy: 'See what the evidence ends with; verify.mjs --suite boot names the step that fails.',
    quick: true,
  },
  {
    id: 'INF-001',
    title: 'podman stores images with the vfs driver',
    severity: 'error',
    why: 'The exported store is unpacked under a fake root on build hosts, where the special files of overlay cannot be made.',
    source: 'image recipe, storage.conf',
    remedy: 'Set driver = "vfs" under [storage] in /etc/containers/storage.conf and let nothing override it.',
    quick: true,
  },
  {
    id: 'INF-002',
    title: 'podman uses the network backend of its era’s recipe',
    severity: 'error',
    why: 'With another one containers get no network, or another one than was tested.',
    source: 'image recipe, containers.conf',
    remedy:
      'Set network_backend under [network] in /etc/containers/containers.conf to "netavark" ("cni" in wrynose), and install it where podman looks for helpers.',
  },
  {
    id: 'INF-003',
    title: 'podman runs containers with crun',
    severity: 'error',
    why: 'The image ships one OCI runtime; podman falling back to another means that crun was not found.',
    source: 'image recipe, IMAGE_INSTALL',
    remedy: 'Install crun on the PATH that podman searches, and set no other runtime in containers.conf.',
    quick: true,
  },
  {
    id: 'INF-004',
    title: 'Control groups of version 2 are there with the controllers for limits',
    severity: 'error',
    why: 'podman run --memory, --pids-limit and --cpus need the memory, pids and cpu controllers.',
    source: 'podman-run(1); kernel documentation, "Control Group v2"',
    remedy: 'Mount cgroup2 on /sys/fs/cgroup in the init and enable all controllers in cgroup.subtree_control.',
  },
  {
    id: 'INF-005',
    title: 'podman’s log, event and cgroup drivers need no systemd',
    severity: 'error',
    why: 'There is no journal and no systemd in this image; drivers that want them lose logs or fail.',
    source: 'containers.conf(5), log_driver, events_logger, cgroup_manager',
    remedy:
      'Set log_driver = "k8s-file", events_logger = "file" and cgroup_manager = "cgroupfs" if podman chooses others.',
  },
  {
    id: 'INF-006',
    title: 'Commands that succeed print no warning',
    severity: 'warning',
    why: 'A warning in every answer hides the one that matters and confuses programs that read the output.',
    source: 'podman(1), --log-level',
    remedy: 'Read the warning: it names the file, helper or kernel feature that is missing.',
  },
  {
    id: 'INF-007',
    title: 'Commands that only look do not wait for anything',
    severity: 'warning',
    why: 'A name server, a bus or a lock that does not answer costs every command its time limit: 5 s for each try of a name, 25 s for a bus.',
    source:
      'resolv.conf(5), timeout; D-Bus reference implementation, dbus-connection-internal.h, _DBUS_DEFAULT_TIMEOUT_VALUE',
    remedy:
      'Run the command with --log-level=debug and see between which of its lines, which have times, the pause lies.',
  },
  {
    id: 'INF-009',
    title: 'Podman does with the image’s configuration what it does with an empty one',
    severity: 'error',
    why: 'A value that podman, crun or netavark refuse stops every command, in words that seldom name the file.',
    source: 'containers.conf(5), containers-storage.conf(5), containers-registries.conf(5)',
    remedy: 'Correct the file, or leave it out.',
  },
]
