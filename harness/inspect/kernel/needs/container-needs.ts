import type { KernelNeed } from '../shipped-kernel.ts'

/** Devices and file systems by which a runner and the image talk (docs/contract.md). */
export const contractNeeds: readonly KernelNeed[] = [
  { options: { INET: null }, breaks: 'the guest has no network, so that no image can be pulled' },
  { options: { VIRTIO_NET: 'virtio_net' }, breaks: 'the guest has no network card, so that no image can be pulled' },
  {
    options: { VIRTIO_CONSOLE: 'virtio_console' },
    breaks: 'daemon mode has no port to take commands from (/dev/vport0p1)',
  },
  {
    options: { NET_9P: '9pnet' },
    breaks: 'folders of the host, credentials and certificates of the runner cannot be mounted',
  },
  {
    options: { NET_9P_VIRTIO: '9pnet_virtio' },
    symbol: 'p9_virtio_init',
    breaks: 'folders of the host, credentials and certificates of the runner cannot be mounted',
  },
  {
    options: { '9P_FS': '9p' },
    symbol: 'init_v9fs',
    breaks: 'folders of the host, credentials and certificates of the runner cannot be mounted',
  },
  {
    options: { EXT4_FS: 'ext4' },
    symbol: 'ext4_init_fs',
    breaks: 'input and state disks cannot be mounted: the store is lost when the machine ends',
  },
  { options: { UNIX98_PTYS: null }, breaks: 'interactive commands and podman run -t have no terminal' },
]

const namespace = (option: string, what: string): KernelNeed => ({
  options: { [option]: null },
  symbol: `${option.replace('_NS', '').toLowerCase()}ns_operations`,
  breaks: `crun cannot give a container ${what} of its own, and starts none`,
})

const goNeeds = (option: string, what: string): KernelNeed => ({
  options: { [option]: null },
  breaks: `podman, a Go program, ends with ENOSYS: it needs ${what}`,
})

/** What podman, conmon and crun need of a kernel to start a container. */
export const containerNeeds: readonly KernelNeed[] = [
  namespace('UTS_NS', 'a host name'),
  namespace('IPC_NS', 'queues and shared memory'),
  namespace('PID_NS', 'processes'),
  namespace('NET_NS', 'a network'),
  { options: { CGROUPS: null }, breaks: 'init cannot mount cgroup2, and crun starts no container' },
  {
    options: { CGROUP_PIDS: null },
    symbol: 'pids_cgrp_subsys',
    breaks: 'crun cannot set the limit of processes that podman gives each container (containers.conf(5), pids_limit)',
  },
  {
    options: { CGROUP_BPF: null },
    breaks: 'crun cannot restrict the devices of a container under cgroup v2, and starts none',
  },
  {
    options: { BPF_SYSCALL: null },
    breaks: 'crun cannot restrict the devices of a container under cgroup v2, and starts none',
  },
  {
    options: { POSIX_MQUEUE: null },
    symbol: 'init_mqueue_fs',
    breaks: 'crun cannot mount /dev/mqueue, which podman has in each container, and starts none',
  },
  {
    options: { SECCOMP_FILTER: null },
    breaks: 'podman runs containers without its filter of system calls',
  },
  { options: { UNIX: 'unix' }, breaks: 'podman, conmon and crun cannot talk to each other' },
  { options: { FILE_LOCKING: null }, breaks: 'podman cannot lock its store' },
  goNeeds('FUTEX', 'futex(2)'),
  goNeeds('EPOLL', 'epoll(7)'),
  goNeeds('EVENTFD', 'eventfd(2)'),
  { options: { SIGNALFD: null }, breaks: 'conmon ends with ENOSYS: it needs signalfd(2)' },
  { options: { INOTIFY_USER: null }, breaks: 'podman run and logs cannot wait for conmon: they need inotify(7)' },
]

/** What people ask for now and then, and no runner. */
export const wishedNeeds: readonly KernelNeed[] = [
  { options: { MEMCG: null }, symbol: 'memory_cgrp_subsys', breaks: 'podman run --memory fails' },
  { options: { CGROUP_SCHED: null }, symbol: 'cpu_cgrp_subsys', breaks: 'podman run --cpu-shares fails' },
  { options: { CFS_BANDWIDTH: null }, breaks: 'podman run --cpus fails' },
  { options: { CPUSETS: null }, symbol: 'cpuset_cgrp_subsys', breaks: 'podman run --cpuset-cpus fails' },
  { options: { USER_NS: null }, symbol: 'userns_operations', breaks: 'podman run --userns fails' },
  { options: { IPV6: 'ipv6' }, breaks: 'podman network create --ipv6 fails' },
  { options: { PACKET: 'af_packet' }, breaks: 'udhcpc gets no address, where a machine has none by its kernel line' },
]
