/** What an image is made of, as the recipes of the layer's engines and eras define it. */
export interface Recipe {
  /** The Debian release that it must be built of, and why no other will do, as the end of a sentence. */
  onlyRelease?: { name: string; why: string }
  /** Debian packages asked for by name; what they depend on comes with them. */
  packages: readonly string[]
  /** Packages that others ask for, but that this image must not have. */
  excludedPackages: readonly string[]
  /** Files with exactly these contents, by their path without the leading slash. */
  files: Readonly<Record<string, string>>
  /** Folders of the engine, by their path and mode. */
  folders: Readonly<Record<string, number>>
  /** Links, by their path, to a target relative to the link. */
  links: Readonly<Record<string, string>>
  /** Parts of /vcontainer-init-common.sh, one behind the other, by their name in `scripts/parts/`. */
  sharedParts: readonly string[]
}

export type RecipeName = 'vpdmn' | 'vpdmn-wrynose' | 'vpdmn-2026' | 'vdkr'

/** IMAGE_INSTALL of all recipes; packagegroup-core-boot is base files, users, network names, busybox and its init. */
const commonPackages = [
  'base-files',
  'base-passwd',
  'bsdutils', // util-linux's `script`, which gives a command a pseudo-terminal
  'busybox',
  'ca-certificates',
  'iproute2',
  'mount',
  'netbase',
  'skopeo',
  'util-linux',
]

const podmanPackages = [...commonPackages, 'conmon', 'crun', 'podman']

/** From Debian 13 on netavark drives nftables by default; it recommends the package. */
const netavarkPackages = ['aardvark-dns', 'netavark', 'nftables']

const policy = '{"default":[{"type":"insecureAcceptAnything"}]}\n'

const registries = `# Search registries
unqualified-search-registries = ["docker.io", "quay.io"]

# Short name aliases
[aliases]
"alpine" = "docker.io/library/alpine"
"busybox" = "docker.io/library/busybox"
"nginx" = "docker.io/library/nginx"
"ubuntu" = "docker.io/library/ubuntu"
"debian" = "docker.io/library/debian"
`

const storage = `[storage]
driver = "vfs"
runroot = "/run/containers/storage"
graphroot = "/var/lib/containers/storage"

[storage.options]
additionalimagestores = []
`

const containers = `[engine]
# Location of helper binaries (netavark, aardvark-dns)
helper_binaries_dir = ["/usr/libexec/podman"]

[network]
# Use netavark as the network backend
network_backend = "netavark"
`

const containersOf = (backend: string): string => `[network]
network_backend = "${backend}"
`

/** What /init mounts by one `mount -a`, which is several times faster than a process for each. /var/run is a link to /run. */
const mountTable = [
  'devpts /dev/pts devpts nosuid,noexec,gid=5,mode=0620,ptmxmode=0666 0 0',
  'tmpfs /dev/shm tmpfs nosuid,nodev,mode=1777 0 0',
  'mqueue /dev/mqueue mqueue nosuid,nodev,noexec 0 0',
  'tmpfs /run tmpfs nosuid,nodev,mode=0755 0 0',
  'tmpfs /tmp tmpfs nosuid,nodev,mode=1777 0 0',
  'tmpfs /mnt tmpfs nosuid,nodev,mode=0755 0 0',
  'tmpfs /var/volatile tmpfs nosuid,nodev,mode=0755 0 0',
  'tmpfs /var/tmp tmpfs nodev,mode=1777 0 0',
  'tmpfs /var/cache tmpfs nosuid,nodev,mode=0755 0 0',
  'cgroup2 /sys/fs/cgroup cgroup2 nosuid,nodev,noexec 0 0',
  '',
].join('\n')

/** The era's own in the release branch; the others take what the distribution has, less systemd. */
const nameServicesOfWrynose = ['passwd: files', 'group: files', 'shadow: files', 'hosts: files dns', ''].join('\n')

/** @param hostName of the machine. */
const systemFiles = (hostName: string) => ({
  'etc/containers/policy.json': policy,
  'etc/fstab': mountTable,
  'etc/hostname': `${hostName}\n`,
  'etc/hosts': `127.0.0.1\tlocalhost ${hostName}\n::1\tlocalhost ip6-localhost ip6-loopback\n`,
  'etc/nsswitch.conf': [
    'passwd: files',
    'group: files',
    'shadow: files',
    'hosts: files dns',
    'networks: files',
    'protocols: files',
    'services: files',
    'ethers: files',
    'rpc: files',
    '',
  ].join('\n'),
  'etc/resolv.conf': '',
})

const commonFiles = {
  ...systemFiles('vpdmn'),
  'etc/containers/registries.conf': registries,
  'etc/containers/storage.conf': storage,
}

const podmanFolders = { 'etc/containers/storage.conf.d': 0o755, 'run/containers': 0o755, 'var/lib/containers': 0o755 }

/** Podman looks for its helpers where the recipe says; Debian keeps them elsewhere. */
const helperLinks = {
  'usr/libexec/podman/netavark': '../../lib/podman/netavark',
  'usr/libexec/podman/aardvark-dns': '../../lib/podman/aardvark-dns',
}

const xtables = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore']

/** What Debian's alternatives choose, had its installation scripts run: `nft` by default. */
const iptablesLinks = (variant: 'nft' | 'legacy') =>
  Object.fromEntries(xtables.map((name) => [`usr/sbin/${name}`, `xtables-${variant}-multi`]))

/** @param engine its part, and that of its registry. */
const partsOf = (engine: readonly [string, string], further: readonly string[]): string[] => [
  ...['base', engine[0], 'file-systems', 'disks', 'network', engine[1], 'shares'],
  ...further,
  ...['commands', 'answers', 'end'],
]
const sharedParts = (...further: readonly string[]): string[] => partsOf(['podman', 'registry'], further)

/** What the layer's master branch has beyond the base, for either engine. */
const partsOfMaster = ['credentials', 'authorities', 'addresses', 'timing']

export const recipes: Record<RecipeName, Recipe> = {
  vpdmn: {
    packages: [...podmanPackages, ...netavarkPackages, 'iptables'],
    excludedPackages: [],
    files: { ...commonFiles, 'etc/containers/containers.conf': containers },
    folders: podmanFolders,
    links: { ...helperLinks, ...iptablesLinks('nft') },
    sharedParts: sharedParts(),
  },
  'vpdmn-wrynose': {
    onlyRelease: {
      name: 'bookworm',
      why: 'its network backend is CNI, which podman 5 of later releases lacks, and podman 3 of earlier ones reads no network_backend',
    },
    packages: [...podmanPackages, 'containernetworking-plugins', 'iptables'],
    excludedPackages: ['aardvark-dns', 'netavark'],
    files: {
      ...commonFiles,
      'etc/containers/containers.conf': containersOf('cni'),
      'etc/nsswitch.conf': nameServicesOfWrynose,
    },
    folders: podmanFolders,
    links: iptablesLinks('nft'),
    sharedParts: sharedParts('credentials'),
  },
  'vpdmn-2026': {
    packages: [...podmanPackages, ...netavarkPackages],
    excludedPackages: ['iptables', 'libip4tc2', 'libip6tc2'],
    files: { ...commonFiles, 'etc/containers/containers.conf': containersOf('netavark') },
    folders: podmanFolders,
    links: helperLinks,
    sharedParts: sharedParts(...partsOfMaster),
  },
  vdkr: {
    packages: [...commonPackages, 'containerd', 'docker-cli', 'docker.io', 'iptables', 'runc'],
    // The plugins are of containerd's CRI, which Kubernetes talks to.
    excludedPackages: ['containernetworking-plugins'],
    files: systemFiles('vdkr'),
    folders: { 'run/containerd': 0o755, 'var/lib/containerd': 0o711, 'var/lib/docker': 0o710 },
    links: iptablesLinks('legacy'),
    sharedParts: partsOf(['docker', 'registry-docker'], partsOfMaster),
  },
}

/** Executable scripts of ours at the root of the image, in the order in which they count. */
export const scripts = ['init', 'vcontainer-init-common.sh', 'vxn-init.sh'] as const
export type ScriptName = (typeof scripts)[number]

/** Folders that must exist in every image, by their mode; most are mount points. */
export const folders: Readonly<Record<string, number>> = {
  dev: 0o755,
  'mnt/input': 0o755,
  'mnt/share': 0o755,
  'mnt/state': 0o755,
  proc: 0o755,
  root: 0o700,
  sys: 0o755,
  tmp: 0o1777,
  'usr/local/share/ca-certificates': 0o755,
  'var/cache': 0o755,
  'var/log': 0o755,
  'var/tmp': 0o1777,
  'var/volatile': 0o755,
}

/**
 * Packages that manage packages, log people in or check signatures, which this image does none of, and what only they
 * need. Each is a pattern for a whole package name.
 */
export const unwantedPackages: readonly RegExp[] = [
  /adduser|passwd|login|login\.defs|libpam-.*|libaudit-common|libsemanage-common/,
  /debconf|dpkg|tar|init-system-helpers|usrmerge|sysvinit-utils|lsb-base|libdebconfclient0/,
  /perl.*|libperl.*|lib.*-perl|libgdbm.*|libdb5\.3.*|libcrypt-dev/,
  /gnupg.*|gpg.*|dirmngr|pinentry-.*|libksba8|libnpth0.*|libldap.*|libsasl2.*|libreadline.*|readline-common/,
  /libgnutls30.*|libhogweed.*|libnettle.*|libidn2-0|libunistring.*|libp11-kit0|libtasn1-6/,
  /openssl|openssl-provider-legacy|libssl3.*|mawk|dmsetup|libcap2-bin/,
]

/** Paths without use in a container host. A star stands for any characters but a slash. */
export const prunedPaths: readonly string[] = [
  'boot',
  'home',
  'media',
  'opt',
  'srv',
  'etc/X11',
  'etc/alternatives',
  'etc/apt',
  'etc/ca-certificates',
  'etc/ca-certificates.conf',
  'etc/cni',
  'etc/containerd',
  'etc/containers',
  'etc/default',
  'etc/dpkg',
  'etc/init.d',
  'etc/kernel',
  'etc/logcheck',
  'etc/pam.d',
  'etc/rc?.d',
  'etc/systemd',
  'etc/update-motd.d',
  'usr/games',
  'usr/include',
  'usr/src',
  'usr/lib/*/krb5/plugins',
  'usr/lib/*/tc/q_atm.so',
  'usr/lib/init',
  'usr/lib/systemd',
  'usr/lib/sysusers.d',
  'usr/lib/tmpfiles.d',
  'usr/lib/udev',
  'usr/lib/lsb',
  // Rootless port forwarding, systemd units and podman's own tests: root without systemd uses none of them.
  'usr/libexec/podman/podman-testing',
  'usr/libexec/podman/quadlet',
  'usr/libexec/podman/rootlessport',
  // Shims of containerd 1.3 and before, which docker uses no more.
  'usr/bin/containerd-shim',
  'usr/bin/containerd-shim-runc-v1',
  'usr/bin/podman-remote',
  'usr/bin/podmansh',
  'usr/sbin/arpd',
  'usr/sbin/update-ca-certificates',
  'usr/sbin/update-passwd',
  'usr/share/bash-completion',
  'usr/share/bug',
  'usr/share/containers/containers.conf',
  'usr/share/containers/mounts.conf',
  'usr/share/debconf',
  'usr/share/dict',
  'usr/share/doc',
  'usr/share/doc-base',
  'usr/share/fish',
  'usr/share/gdb',
  'usr/share/gettext',
  'usr/share/glib-2.0',
  'usr/share/info',
  'usr/share/initramfs-tools',
  'usr/share/libgcrypt20',
  'usr/share/lintian',
  'usr/share/locale',
  'usr/share/man',
  'usr/share/pam*',
  'usr/share/perl5',
  'usr/share/pixmaps',
  'usr/share/util-linux',
  'usr/share/zsh',
  'var/backups',
  'var/cache/*',
  'var/local',
  'var/mail',
  'var/opt',
]
