import type { KernelNeed } from '../shipped-kernel.ts'

const namespace = (option: string, what: string): KernelNeed => ({
  options: { [option]: null },
  symbol: `${option.replace('_NS', '').toLowerCase()}ns_operations`,
  breaks: `runc cannot give a container ${what} of its own, and starts none`,
})

const goNeeds = (option: string, what: string): KernelNeed => ({
  options: { [option]: null },
  breaks: `dockerd, a Go program, ends with ENOSYS: it needs ${what}`,
})

const noDevices = 'runc cannot restrict the devices of a container under cgroup v2, and starts none'

/** What dockerd, containerd and runc need of a kernel to unpack an image and start a container. */
export const dockerContainerNeeds: readonly KernelNeed[] = [
  { options: { OVERLAY_FS: 'overlay' }, symbol: 'ovl_init', breaks: 'dockerd does not start with its driver overlay2' },
  {
    options: { TMPFS_XATTR: null },
    breaks: 'dockerd cannot unpack a layer that hides a folder of another where its store is in memory',
  },
  namespace('UTS_NS', 'a host name'),
  namespace('IPC_NS', 'queues and shared memory'),
  namespace('PID_NS', 'processes'),
  namespace('NET_NS', 'a network'),
  { options: { CGROUPS: null }, breaks: 'init cannot mount cgroup2, and runc starts no container' },
  { options: { CGROUP_BPF: null }, breaks: noDevices },
  { options: { BPF_SYSCALL: null }, breaks: noDevices },
  {
    options: { POSIX_MQUEUE: null },
    symbol: 'init_mqueue_fs',
    breaks: 'runc cannot mount /dev/mqueue, which dockerd has in each container, and starts none',
  },
  {
    options: { SECCOMP_FILTER: null },
    breaks: 'dockerd runs containers without its filter of system calls',
  },
  { options: { UNIX: 'unix' }, breaks: 'docker, dockerd and containerd cannot talk to each other' },
  { options: { FILE_LOCKING: null }, breaks: 'dockerd and containerd cannot lock their databases, and do not start' },
  goNeeds('FUTEX', 'futex(2)'),
  goNeeds('EPOLL', 'epoll(7)'),
  goNeeds('EVENTFD', 'eventfd(2)'),
]

/** What people ask for now and then, and no runner. */
export const dockerWishedNeeds: readonly KernelNeed[] = [
  { options: { MEMCG: null }, symbol: 'memory_cgrp_subsys', breaks: 'docker run --memory sets no limit' },
  { options: { CGROUP_PIDS: null }, symbol: 'pids_cgrp_subsys', breaks: 'docker run --pids-limit sets no limit' },
  { options: { CGROUP_SCHED: null }, symbol: 'cpu_cgrp_subsys', breaks: 'docker run --cpu-shares has no effect' },
  { options: { CFS_BANDWIDTH: null }, breaks: 'docker run --cpus fails' },
  { options: { CPUSETS: null }, symbol: 'cpuset_cgrp_subsys', breaks: 'docker run --cpuset-cpus has no effect' },
  {
    options: { USER_NS: null },
    symbol: 'userns_operations',
    breaks: 'no container starts under dockerd --userns-remap',
  },
  { options: { IPV6: 'ipv6' }, breaks: 'docker network create --ipv6 fails' },
]

const noStart = 'dockerd cannot write the rules of its network, and does not start'

const needs = (breaks: string, options: Record<string, string | null>): KernelNeed[] =>
  Object.entries(options).map(([option, module]) => ({ options: { [option]: module }, breaks }))

/** The bridge of dockerd, and the matches and targets of its rules (moby, libnetwork/drivers/bridge and libnetwork/iptables). */
export const dockerNetworkNeeds: readonly KernelNeed[] = [
  {
    options: { BRIDGE: 'bridge' },
    symbol: 'br_init',
    breaks: 'dockerd cannot make its network docker0, and does not start',
  },
  {
    options: { VETH: 'veth' },
    symbol: 'veth_init',
    breaks: 'a container cannot be joined to its bridge, and none with a network starts',
  },
  ...needs(noStart, {
    NETFILTER: null,
    NF_CONNTRACK: 'nf_conntrack',
    NF_NAT: 'nf_nat',
    NETFILTER_XTABLES: 'x_tables',
    NETFILTER_XT_MATCH_ADDRTYPE: 'xt_addrtype',
    NETFILTER_XT_MATCH_CONNTRACK: 'xt_conntrack',
    NETFILTER_XT_NAT: 'xt_nat',
  }),
  {
    options: { NETFILTER_XT_TARGET_MASQUERADE: 'xt_MASQUERADE', IP_NF_TARGET_MASQUERADE: 'ipt_MASQUERADE' },
    breaks: noStart,
  },
  { options: { PROC_SYSCTL: null }, breaks: 'dockerd cannot switch on forwarding, and does not start' },
]

/** By rules alone: without its proxies dockerd has what passes a bridge go through them (moby, `enableBrNfCallIptables`). */
export const dockerBridgeFilterNeeds: readonly KernelNeed[] = [
  {
    options: { BRIDGE_NETFILTER: 'br_netfilter' },
    symbol: 'br_netfilter_init',
    breaks:
      'containers do not reach the published ports of others where the userland proxy is off, and dockerd 28 or later makes no network',
  },
]
