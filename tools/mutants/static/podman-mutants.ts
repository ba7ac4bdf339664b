import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import { replaceText } from '../elf-edits.ts'
import type { StaticMutant } from '../variant.ts'

const containers = '/etc/containers/containers.conf'
const status = '/var/lib/dpkg/status'

const addToEngine = (line: string) => (tree: ImageTree) => tree.replace(containers, '[engine]', `[engine]\n${line}`)
const addToNetwork = (line: string) => (tree: ImageTree) => tree.replace(containers, '[network]', `[network]\n${line}`)
const addToContainers = (line: string) => (tree: ImageTree) => tree.append(containers, `\n[containers]\n${line}\n`)

export const podmanMutants: readonly StaticMutant[] = [
  {
    id: 'cni-backend',
    breaks: 'The network backend is CNI.',
    happens: 'The configuration is that of podman 3.',
    tree: (tree) => tree.replace(containers, '"netavark"', '"cni"'),
    fails: ['CON-001', 'NET-004'],
    finds: { path: '/etc/containers/containers.conf', message: /"cni"; expected "netavark"/ },
  },
  {
    id: 'backend-misspelt',
    breaks: 'The network backend has a name that nobody knows.',
    happens: 'One letter was missed.',
    tree: (tree) => tree.replace(containers, '"netavark"', '"netvark"'),
    fails: ['CON-001'],
    finds: { path: '/etc/containers/containers.conf', message: /"netvark" is none of/ },
  },
  {
    id: 'netavark-on-path',
    breaks: 'netavark lies where podman does not look.',
    happens: 'It was installed to /usr/bin like any program.',
    tree: (tree) => {
      tree.remove('/usr/libexec/podman/netavark')
      tree.move('/usr/lib/podman/netavark', '/usr/bin/netavark')
    },
    fails: ['CON-002', 'BIN-001'],
  },
  {
    id: 'netavark-not-executable',
    breaks: 'netavark cannot be run.',
    happens: 'A mode was lost in an archive.',
    tree: (tree) => tree.setMode('/usr/lib/podman/netavark', 0o644),
    fails: ['CON-002', 'BIN-001'],
  },
  {
    id: 'helper-folder-of-another-distribution',
    breaks: 'Podman looks for netavark in an empty place.',
    happens: 'The folder is that of another distribution.',
    tree: (tree) => tree.replace(containers, '/usr/libexec/podman', '/usr/local/libexec/podman'),
    fails: ['CON-002', 'BIN-001', 'CFG-005'],
    finds: {
      path: '/etc/containers/containers.conf',
      message: /it is at \/usr\/libexec\/podman\/netavark, where podman does not look/,
    },
  },
  {
    id: 'first-conmon-not-executable',
    breaks: 'The first conmon that podman finds cannot be run.',
    happens: 'A second copy came with another package.',
    tree: (tree) => {
      tree.copy('/usr/bin/conmon', '/usr/libexec/podman/conmon')
      tree.setMode('/usr/libexec/podman/conmon', 0o644)
    },
    fails: ['CON-003'],
    finds: { path: '/usr/libexec/podman/conmon', message: /not executable/ },
  },
  {
    id: 'conmon-elsewhere',
    breaks: 'conmon_path names a file without execute bits.',
    happens: 'The path of a source tree was filled in.',
    tree: (tree) => {
      addToEngine('conmon_path = ["/usr/share/conmon/conmon"]')(tree)
      tree.write('/usr/share/conmon/conmon', 'conmon')
    },
    fails: ['CON-003'],
  },
  {
    id: 'runtime-not-shipped',
    breaks: 'The configured runtime is not in the image.',
    happens: 'The configuration is that of an image with runc.',
    tree: addToEngine('runtime = "runc"'),
    fails: ['CON-004'],
    finds: { path: '/etc/containers/containers.conf', message: /No executable runtime runc/ },
  },
  {
    id: 'systemd-cgroups',
    breaks: 'Containers ask systemd for their control groups.',
    happens: 'The distribution’s default was written down.',
    tree: addToEngine('cgroup_manager = "systemd"'),
    fails: ['CON-005'],
    finds: { path: '/etc/containers/containers.conf', message: /engine\.cgroup_manager is systemd/ },
  },
  {
    id: 'logs-in-journal',
    breaks: 'Logs go to a journal that does not run.',
    happens: 'The distribution’s default was written down.',
    tree: addToContainers('log_driver = "journald"'),
    fails: ['CON-005'],
    finds: { path: '/etc/containers/containers.conf', message: /log_driver is journald/ },
  },
  {
    id: 'unknown-pull-policy',
    breaks: 'Podman refuses a value.',
    happens: 'Kubernetes’ word was used.',
    tree: addToEngine('pull_policy = "IfNotPresentEver"'),
    fails: ['CON-006'],
    finds: { path: '/etc/containers/containers.conf', message: /pull_policy is "IfNotPresentEver"/ },
  },
  {
    id: 'tiny-log-limit',
    breaks: 'Podman refuses a value.',
    happens: 'The limit was meant in megabytes.',
    tree: addToContainers('log_size_max = 10'),
    fails: ['CON-006'],
    finds: { path: '/etc/containers/containers.conf', message: /log_size_max is 10;/ },
  },
  {
    id: 'half-a-limit',
    breaks: 'Podman refuses a value.',
    happens: 'ulimit’s way of writing was used.',
    tree: addToContainers('default_ulimits = ["nofile 65536"]'),
    fails: ['CON-006'],
    finds: { path: '/etc/containers/containers.conf', message: /holds "nofile 65536"/ },
  },
  {
    id: 'broken-seccomp-profile',
    breaks: 'No container starts: its filter does not parse.',
    happens: 'A comma was left behind the last element.',
    tree: (tree) => tree.replace('/usr/share/containers/seccomp.json', /\}\s*$/, ',}\n'),
    fails: ['CON-007'],
  },
  {
    id: 'seccomp-profile-not-shipped',
    breaks: 'No container starts: its filter is missing.',
    happens: 'containers.conf names a file of another package.',
    tree: addToContainers('seccomp_profile = "/etc/containers/seccomp-strict.json"'),
    fails: ['CON-007'],
    finds: {
      path: '/etc/containers/containers.conf',
      message: /\/etc\/containers\/seccomp-strict\.json does not exist/,
    },
  },
  {
    id: 'driver-without-its-tool',
    breaks: 'netavark’s firewall driver has no tool.',
    happens: 'nftables was chosen in an image with iptables.',
    tree: (tree) => {
      addToNetwork('firewall_driver = "nftables"')(tree)
      tree.remove('/usr/sbin/nft')
    },
    fails: ['NET-001', 'FS-013'],
  },
  {
    id: 'no-nft-in-2026',
    breaks: 'No container gets a network.',
    happens: 'iptables was removed and nftables not added.',
    recipe: 'vpdmn-2026',
    tree: (tree) => tree.remove('/usr/sbin/nft'),
    fails: ['NET-001', 'BIN-001', 'FS-013'],
  },
  {
    id: 'no-aardvark',
    breaks: 'Containers do not find each other by name.',
    happens: 'It is only a recommendation of the package, and those are left out.',
    tree: (tree) => {
      tree.remove('/usr/libexec/podman/aardvark-dns')
      tree.remove('/usr/lib/podman/aardvark-dns')
    },
    fails: ['NET-002', 'BIN-001'],
  },
  {
    id: 'old-netavark',
    breaks: 'netavark is too old for podman.',
    happens: 'One package was pinned.',
    tree: (tree) =>
      tree.replace(
        status,
        /Package: (?:netavark|aardvark-dns)\n(?:.+\n)+/g,
        'Package: netavark\nStatus: install ok installed\nVersion: 1.4.0-1\n\nPackage: aardvark-dns\nStatus: install ok installed\nVersion: 1.4.0-1\n',
      ),
    fails: ['NET-003'],
  },
  {
    id: 'aardvark-of-another-release',
    breaks: 'netavark and aardvark-dns do not understand each other.',
    happens: 'One of two packages that belong together was updated.',
    tree: (tree) =>
      tree.replace(
        status,
        /Package: aardvark-dns\n(?:.+\n)+/,
        'Package: aardvark-dns\nStatus: install ok installed\nVersion: 1.20.0-1\n',
      ),
    fails: ['NET-003'],
    finds: { path: '/var/lib/dpkg/status', message: /netavark is 1\.14, aardvark-dns is 1\.20/ },
  },
  {
    id: 'no-portmap',
    breaks: 'No container gets a network.',
    happens: 'The plugins are packages of their own, and not all were asked for.',
    recipe: 'vpdmn-wrynose',
    tree: (tree) => tree.remove('/usr/lib/cni/portmap'),
    fails: ['NET-004'],
  },
  {
    id: 'cni-without-iptables',
    breaks: 'No container gets a network.',
    happens: 'It was taken for a leftover, since netavark of today needs nftables.',
    recipe: 'vpdmn-wrynose',
    tree: (tree) => tree.remove('/usr/sbin/iptables'),
    fails: ['NET-001', 'BIN-001'],
  },
  {
    id: 'conmon-too-old',
    breaks: 'No container starts.',
    happens: 'conmon was held back at an older release.',
    tree: (tree) => {
      const [version = ''] = /conmon version \d\.\d\.\d+/.exec(tree.bytes('/usr/bin/conmon').toString('latin1')) ?? []
      tree.patch('/usr/bin/conmon', replaceText(version, 'conmon version 2.0.0'.padEnd(version.length, '0')))
    },
    fails: ['CON-009'],
    finds: { path: '/usr/bin/conmon', message: /conmon 2\.0\.0 is too old for podman 5\.4\.2, which needs 2\.0\.24/ },
  },
  {
    id: 'crun-of-an-older-distribution',
    breaks: 'No container starts.',
    happens: 'crun was held back at an older release (podman issue 27272).',
    tree: (tree) => {
      const text = Buffer.from('\0unknown version specified\0', 'latin1')
      tree.write('/usr/bin/crun', Buffer.concat([tree.bytes('/usr/bin/crun'), text]), 0o755)
    },
    fails: ['CON-010'],
    finds: { path: '/usr/bin/crun', message: /podman 5\.4\.2 writes version 1\.2\.0 .* takes 1\.0 and 1\.1 only/ },
  },
  {
    id: 'iptables-of-two-variants',
    breaks: 'Rules for IPv6 are in other tables than those for IPv4.',
    happens: 'An alternative was set for one of the two commands (kubernetes issue 112477).',
    tree: (tree) => tree.makeLink('/usr/sbin/ip6tables', 'xtables-legacy-multi'),
    fails: ['NET-005'],
  },
  {
    id: 'kernel-without-legacy-tables',
    breaks: 'No container gets a network.',
    happens: 'Kernels of today leave out the legacy tables by default (apple/containerization issue 913).',
    tree: (tree) => {
      for (const path of tree.pathsBelow('/usr/sbin'))
        if (/\/ip6?tables(-save|-restore)?$/.test(path)) tree.makeLink(path, 'xtables-legacy-multi')
      tree.write('/usr/lib/modules/6.18.5/modules.dep', 'kernel/net/netfilter/nf_tables.ko.xz:\n')
      tree.write('/usr/lib/modules/6.18.5/modules.builtin', 'kernel/net/netfilter/x_tables.ko\n')
    },
    fails: ['NET-005'],
  },
  {
    id: 'privileges-lost',
    breaks: 'Accounts other than root cannot mount.',
    happens: 'The root was copied by a tool that keeps neither modes nor attributes (podman issue 7106).',
    tree: (tree) => {
      tree.write('/var/lib/dpkg/statoverride', 'root root 4755 /usr/bin/mount\n')
    },
    fails: ['SEC-004'],
    finds: { path: '/usr/bin/mount', message: /gives it setuid/ },
  },
]
