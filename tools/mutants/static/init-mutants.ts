import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

const init = '/init'
const shared = '/vcontainer-init-common.sh'
const xen = '/vxn-init.sh'

/** Puts a line in front of init's first step. */
const addStep = (tree: ImageTree, line: string) => tree.replace(init, '  mount_input\n', `  ${line}\n  mount_input\n`)

export const initMutants: readonly StaticMutant[] = [
  {
    id: 'no-init',
    breaks: 'There is no /init.',
    happens: 'ROOTFS_POSTPROCESS_COMMAND was overwritten by another assignment.',
    tree: (tree) => tree.remove(init),
    fails: ['INI-001'],
  },
  {
    id: 'init-not-executable',
    breaks: '/init cannot be run.',
    happens: 'install was called with -m 0644.',
    tree: (tree) => tree.setMode(init, 0o644),
    fails: ['INI-001'],
    finds: { path: '/init', message: /not executable/ },
  },
  {
    id: 'init-dangles',
    breaks: '/init leads to nothing.',
    happens: 'It is a link to an init system that was left out.',
    tree: (tree) => {
      tree.remove(init)
      tree.makeLink(init, 'usr/lib/systemd/systemd')
    },
    fails: ['INI-001', 'FS-004'],
  },
  {
    id: 'no-shared-functions',
    breaks: 'What init sources is missing.',
    happens: 'A file was added to the scripts and not to the recipe.',
    tree: (tree) => tree.remove(shared),
    fails: ['INI-002', 'INI-004', 'INI-006', 'STO-003'],
  },
  {
    id: 'settings-not-shipped',
    breaks: 'Init sources a file that is only on the developer’s machine.',
    happens: 'A setting for debugging was committed.',
    tree: (tree) => addStep(tree, '. /etc/vpdmn-debug.conf'),
    fails: ['INI-002'],
    finds: { path: '/init', message: /Line \d+ sources \/etc\/vpdmn-debug\.conf/ },
  },
  {
    id: 'windows-line-ends',
    breaks: 'Every line of init ends in CR LF.',
    happens: 'git on Windows converted it (core.autocrlf).',
    tree: (tree) => tree.replace(init, /\n/g, '\r\n'),
    fails: ['INI-003', 'FS-009'],
    finds: { path: '/init', message: /CR LF/ },
  },
  {
    id: 'conflict-markers',
    breaks: 'Init does not parse.',
    happens: 'A merge conflict was committed.',
    tree: (tree) => addStep(tree, '\n<<<<<<< HEAD\n  stamp early\n=======\n  stamp storage\n>>>>>>> feature/storage\n'),
    fails: ['INI-003'],
    finds: { path: '/init', message: /dash cannot read it: .*[Ss]yntax error/ },
  },
  {
    id: 'arrays-of-bash',
    breaks: 'Init uses what its shell does not know.',
    happens: 'It was tried with bash only.',
    tree: (tree) => addStep(tree, 'stages=(input storage network)'),
    fails: ['INI-003', 'INI-004'],
    finds: { path: '/init', message: /Syntax error/ },
  },
  {
    id: 'half-a-script',
    breaks: 'The shared functions end in the middle.',
    happens: 'The file was cut off in a copy.',
    tree: (tree) => tree.write(shared, tree.text(shared).slice(0, 7000)),
    fails: ['INI-003', 'INI-004', 'INI-006', 'INI-011'],
  },
  {
    id: 'xen-init-unclosed',
    breaks: 'The Xen init does not parse.',
    happens: 'The last line of a function was removed.',
    tree: (tree) => tree.replace(xen, '  end_machine\n}\n', '  end_machine\n'),
    fails: ['INI-003'],
  },
  {
    id: 'unknown-command',
    breaks: 'Init calls a program that is not in the image.',
    happens: 'It was copied from an image with a DHCP client.',
    tree: (tree) => addStep(tree, 'dhclient -v eth0'),
    fails: ['INI-004'],
    finds: { path: '/init', message: /Line \d+ calls dhclient/ },
  },
  {
    id: 'no-script-command',
    breaks: 'No interactive command gets a terminal.',
    happens: 'bsdutils was left out: only script was used of it.',
    tree: (tree) => tree.remove('/usr/bin/script'),
    fails: ['INI-004'],
  },
  {
    id: 'option-of-coreutils',
    breaks: 'Init gives busybox an option that it does not know.',
    happens: 'The line was tried on the developer’s machine.',
    tree: (tree) => addStep(tree, 'cp --sparse=always /etc/hosts /run/hosts'),
    fails: ['INI-005'],
  },
  {
    id: 'option-that-busybox-was-built-without',
    breaks: 'Init gives the tar of busybox an option that Debian builds it without.',
    happens: 'The script was tried on a machine whose busybox has it.',
    tree: (tree) => addStep(tree, 'busybox tar -C "$HOME" -cf /run/home.tar --exclude="*.log" .'),
    fails: ['INI-005'],
  },
  {
    id: 'names-written-into-nothing',
    breaks: 'No name is resolved: init writes the name servers into a folder that is not there.',
    happens: 'A link to the files of systemd-resolved came with a package (systemd issue 5395).',
    tree: (tree) => {
      tree.makeLink('/etc/resolv.conf', '../run/systemd/resolve/stub-resolv.conf')
      addStep(tree, 'echo "nameserver 10.0.2.3" > /etc/resolv.conf')
    },
    fails: ['INI-012'],
    finds: { path: '/init', message: /writes \/etc\/resolv\.conf, which leads to \/run\/systemd\/resolve\/stub/ },
  },
  {
    id: 'setting-without-module',
    breaks: 'Packets between containers are not filtered.',
    happens: 'The line was copied from a machine whose service loads the module.',
    tree: (tree) => addStep(tree, 'echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables'),
    fails: ['INI-013'],
    finds: {
      path: '/init',
      message: /net\/bridge\/bridge-nf-call-iptables, but it is there once br_netfilter is loaded/,
    },
  },
  {
    id: 'parameter-misspelt',
    breaks: 'podman_idle_timeout is not heeded.',
    happens: 'A parameter was renamed on one side only.',
    tree: (tree) => tree.replace(shared, '_idle_timeout="*', '_idletimeout="*'),
    fails: ['INI-006'],
  },
  {
    id: 'parameter-commented-out',
    breaks: 'podman_dns is not heeded.',
    happens: 'A line was commented out for a test.',
    tree: (tree) => tree.replace(shared, /( *)("\$\{prefix\}_dns=.*)/, '  # "${prefix}_dns="*) ;;'),
    recipe: 'vpdmn-2026',
    fails: ['INI-006'],
  },
  {
    id: 'marker-renamed',
    breaks: 'Runners wait for the end of the archive.',
    happens: 'A marker was renamed on one side only.',
    tree: (tree) => tree.replace(shared, 'marker TAR_END', 'marker TAR_DONE'),
    fails: ['INI-006'],
  },
  {
    id: 'names-from-systemd',
    breaks: 'Every lookup of a user asks a service that does not run.',
    happens: 'The distribution’s nsswitch.conf was kept.',
    tree: (tree) => tree.replace('/etc/nsswitch.conf', 'passwd: files', 'passwd: files systemd'),
    fails: ['INI-007'],
    finds: { path: '/etc/nsswitch.conf', message: /passwd asks the service systemd/ },
  },
  {
    id: 'names-from-mdns',
    breaks: 'Host names are asked from a module that is not there.',
    happens: 'Another package edited nsswitch.conf, and was removed.',
    tree: (tree) =>
      tree.replace('/etc/nsswitch.conf', 'hosts: files dns', 'hosts: files mdns4_minimal [NOTFOUND=return] dns'),
    fails: ['INI-007'],
    finds: { path: '/etc/nsswitch.conf', message: /libnss_mdns4_minimal\.so\.2/ },
  },
  {
    id: 'no-xen-init',
    breaks: 'There is no init for Xen.',
    happens: 'It was taken for a leftover.',
    tree: (tree) => tree.remove(xen),
    fails: ['INI-008'],
    finds: { path: '/vxn-init.sh', message: /does not exist/ },
  },
  {
    id: 'xen-init-not-executable',
    breaks: 'The init for Xen cannot be run.',
    happens: 'A mode was lost in an archive.',
    tree: (tree) => tree.setMode(xen, 0o644),
    fails: ['INI-008'],
  },
]
