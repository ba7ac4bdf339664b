import { own } from '../model/own.ts'

/** Folders below /proc/sys that kernels have (Linux, Documentation/admin-guide/sysctl), and those below net. */
const trees = ['abi', 'crypto', 'debug', 'dev', 'fs', 'kernel', 'net', 'sunrpc', 'user', 'vm']
const networkTrees = [
  ...['appletalk', 'ax25', 'bridge', 'can', 'core', 'ieee802154', 'ipv4', 'ipv6', 'iucv', 'llc', 'mctp', 'mpls'],
  ...['mptcp', 'netfilter', 'netrom', 'nf_conntrack_max', 'phonet', 'rds', 'rose', 'rxrpc', 'sctp', 'smc', 'tipc'],
  ...['unix', 'vsock', 'x25'],
]

/** Settings that are there only once a module is (its sysctl table is registered when it is loaded). */
const ofModules: readonly { names: RegExp; module: string }[] = [
  { names: /^net\/bridge\//, module: 'br_netfilter' },
  { names: /^net\/(netfilter\/nf_conntrack|nf_conntrack_max|ipv4\/netfilter\/)/, module: 'nf_conntrack' },
  { names: /^net\/ipv4\/vs\//, module: 'ip_vs' },
  { names: /^net\/sctp\//, module: 'sctp' },
  { names: /^fs\/nfs\//, module: 'nfs' },
]

/** Settings of the kernels of single distributions. */
const ofDistributions: Readonly<Record<string, string>> = {
  'kernel/unprivileged_userns_clone': 'Debian',
  'kernel/apparmor_restrict_unprivileged_userns': 'Ubuntu',
  'kernel/sched_child_runs_first': 'Linux before 6.6',
  'net/ipv4/tcp_tw_recycle': 'Linux before 4.12',
}

/** Why a setting, its name with slashes, is not there in a kernel where these modules were loaded; undefined where it is. */
export function missingSetting(name: string, isLoaded: (module: string) => boolean): string | undefined {
  const [tree = '', network = ''] = name.split('/')
  if (!trees.includes(tree)) return `no kernel has a folder ${tree} there`
  if (tree === 'net' && !networkTrees.includes(network)) return `no kernel has a folder net/${network} there`
  const module = ofModules.find(({ names }) => names.test(name))?.module
  if (module !== undefined && !isLoaded(module)) return `it is there once ${module} is loaded, which init does not do`
  const owner = own(ofDistributions, name)
  return owner === undefined ? undefined : `only the kernel of ${owner} has it`
}
