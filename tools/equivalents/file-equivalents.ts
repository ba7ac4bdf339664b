import { basename, dirname } from 'node:path'
import { tinyElf } from '../../fixtures/static/tiny-elf.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { addProgram } from '../mutants/elf-edits.ts'
import type { Variant } from '../mutants/variant.ts'

/** Folders at the root that links stand for where /usr is merged. */
const mergedFolders = ['bin', 'sbin', 'lib', 'lib64']

/** Moves all of a merged /usr's folders to the root, and what few links lead from them. */
function unmergeUsr(tree: ImageTree): void {
  for (const name of mergedFolders) {
    if (!tree.has(`/${name}`)) continue
    tree.remove(`/${name}`)
    tree.makeFolder(`/${name}`)
  }
  for (const path of ['/usr/bin/sh', '/usr/bin/busybox', '/usr/bin/mount', '/usr/bin/umount', '/usr/bin/ip'])
    tree.move(path, path.slice('/usr'.length))
  tree.remove('/usr/sbin/ip')
  tree.makeLink('/sbin/ip', '../bin/ip')
  for (const path of tree.pathsBelow('/usr/bin'))
    if (tree.entry(path).target === 'busybox') tree.makeLink(path, '../../bin/busybox')
  for (const path of tree.pathsBelow('/usr/sbin'))
    if (tree.entry(path).target === '../bin/busybox') tree.makeLink(path, '/bin/busybox')
  const { loader, triplet } = tree.architecture
  const moved = dirname(loader) === '/lib' ? loader : dirname(loader)
  tree.move(`/usr${moved}`, moved)
  for (const path of moved === loader ? [loader] : tree.pathsBelow(moved))
    tree.makeLink(path, `/usr/lib/${triplet}/${basename(path)}`)
}

const isBusyboxLink = (tree: ImageTree, path: string): boolean =>
  ['busybox', '../bin/busybox'].includes(tree.entry(path).target ?? '')
const busyboxLinks = (tree: ImageTree): string[] =>
  [...tree.pathsBelow('/usr/bin'), ...tree.pathsBelow('/usr/sbin')].filter((path) => isBusyboxLink(tree, path))

/** Other files, layouts and programs that do as well. */
export const fileEquivalents: readonly Variant[] = [
  { id: 'unmerged-usr', happens: 'A distribution without usrmerge.', tree: unmergeUsr },
  {
    id: 'absolute-merge-links',
    happens: 'The links of the merged /usr are absolute.',
    tree: (tree) => {
      for (const name of mergedFolders) if (tree.has(`/${name}`)) tree.makeLink(`/${name}`, `/usr/${name}`)
    },
  },
  {
    id: 'absolute-helper-links',
    happens: 'ln -s was given absolute paths.',
    tree: (tree) => {
      tree.makeLink('/usr/libexec/podman/netavark', '/usr/lib/podman/netavark')
      tree.makeLink('/usr/libexec/podman/aardvark-dns', '/usr/lib/podman/aardvark-dns')
    },
  },
  {
    id: 'helpers-in-place',
    happens: 'The package installs its helpers where podman looks.',
    tree: (tree) => {
      for (const name of ['netavark', 'aardvark-dns']) {
        tree.remove(`/usr/libexec/podman/${name}`)
        tree.move(`/usr/lib/podman/${name}`, `/usr/libexec/podman/${name}`)
      }
    },
  },
  {
    id: 'chain-of-links',
    happens: 'update-alternatives leads through /etc/alternatives.',
    tree: (tree) => {
      for (const name of ['iptables', 'ip6tables']) {
        tree.makeLink(`/etc/alternatives/${name}`, `/usr/sbin/${name}-nft`)
        tree.makeLink(`/usr/sbin/${name}`, `/etc/alternatives/${name}`)
      }
    },
  },
  {
    id: 'legacy-iptables',
    happens: 'The alternatives chose the older back end.',
    tree: (tree) => {
      tree.makeLink('/usr/sbin/iptables', 'xtables-legacy-multi')
      tree.makeLink('/usr/sbin/ip6tables', 'xtables-legacy-multi')
    },
  },
  {
    id: 'busybox-by-hard-links',
    happens: 'busybox was installed with busybox --install.',
    tree: (tree) => {
      for (const path of busyboxLinks(tree)) tree.makeHardLink(path, '/usr/bin/busybox')
    },
  },
  {
    id: 'busybox-in-two-parts',
    happens: 'Yocto’s busybox.nosuid and busybox.suid, and links to them.',
    tree: (tree) => {
      tree.move('/usr/bin/busybox', '/usr/bin/busybox.nosuid')
      tree.makeHardLink('/usr/bin/busybox.suid', '/usr/bin/busybox.nosuid')
      tree.makeLink('/usr/bin/busybox', 'busybox.nosuid')
      for (const path of busyboxLinks(tree)) tree.makeLink(path, '/usr/bin/busybox.nosuid')
      tree.makeLink('/usr/bin/ping', '/usr/bin/busybox.suid')
    },
  },
  {
    id: 'setuid-mount',
    happens: 'util-linux as its package installs it.',
    tree: (tree) => {
      for (const name of ['mount', 'umount', 'su']) tree.setMode(`/usr/bin/${name}`, 0o4755)
    },
  },
  {
    id: 'shell-by-another-name',
    happens: 'Init names the shell where it really is.',
    tree: (tree) => {
      for (const script of ['/init', '/vxn-init.sh']) tree.replace(script, '#!/bin/sh', '#! /usr/bin/busybox sh')
    },
  },
  {
    id: 'init-through-link',
    happens: '/init is a link to where the package has it.',
    tree: (tree) => {
      tree.move('/init', '/usr/libexec/vpdmn/init')
      tree.makeLink('/init', 'usr/libexec/vpdmn/init')
    },
  },
  {
    id: 'sourced-by-constant',
    happens: 'Init keeps the path of what it sources in a variable.',
    tree: (tree) =>
      tree.replace(
        '/init',
        '. /vcontainer-init-common.sh',
        'COMMON_FUNCTIONS=/vcontainer-init-common.sh\n. "$COMMON_FUNCTIONS"',
      ),
  },
  {
    id: 'optional-tool-in-init',
    happens: 'Init uses a tool where there is one.',
    tree: (tree) =>
      tree.replace('/init', '  mount_input\n', '  command -v haveged > /dev/null && haveged -w 1024\n  mount_input\n'),
  },
  {
    id: 'extra-packages',
    happens: 'An image with more tools in it.',
    tree: (tree) => {
      addProgram(tree, '/usr/bin/strace', {})
      addProgram(tree, `${tree.libraries}/libelf.so.1`, { soname: 'libelf.so.1', needed: [] })
      tree.write('/usr/bin/site-report', '#!/bin/sh -e\necho report\n', 0o755)
      tree.append(
        '/var/lib/dpkg/status',
        '\nPackage: strace\nStatus: install ok installed\nArchitecture: all\nVersion: 6.13\n',
      )
    },
  },
  {
    id: 'firmware-of-other-machines',
    happens: 'Firmware is code for other processors.',
    tree: (tree) => tree.write('/usr/lib/firmware/dsp.elf', tinyElf({ machine: 243, type: 2 }), 0o755),
  },
  {
    id: 'documentation-within-bounds',
    happens: 'Some manual pages were left in.',
    tree: (tree) => tree.write('/usr/share/man/man1/podman.1', 'podman\n'.repeat(10_000)),
  },
  {
    id: 'runtime-links',
    happens: 'Links into file systems that exist at run time only.',
    tree: (tree) => {
      tree.makeLink('/etc/mtab', '../proc/self/mounts')
      tree.makeLink('/etc/resolv.conf', '/run/resolv.conf')
      tree.remove('/var/run')
      tree.makeLink('/var/run', '/run')
    },
  },
  {
    id: 'devices-and-pipes',
    happens: 'A tree that was made by a package manager has them.',
    tree: (tree) => tree.makePipe('/run/initctl'),
  },
  {
    id: 'var-tmp-in-volatile',
    happens: 'Yocto’s link to a folder that is there.',
    tree: (tree) => {
      tree.remove('/var/tmp')
      tree.makeFolder('/var/volatile/tmp', 0o1777)
      tree.makeLink('/var/tmp', 'volatile/tmp')
    },
  },
  {
    id: 'service-accounts',
    happens: 'Packages bring accounts that nobody logs in to.',
    tree: (tree) => tree.append('/etc/passwd', 'messagebus:x:999:999::/nonexistent:/usr/sbin/nologin\n'),
  },
  {
    id: 'data-of-accounts',
    happens: 'A service keeps its data under an account of its own.',
    tree: (tree) => {
      tree.append('/etc/passwd', 'site:x:990:990::/var/lib/site:/usr/sbin/nologin\n')
      tree.append('/etc/group', 'site:x:990:\n')
      tree.write('/var/lib/site/data', 'data\n')
      for (const path of ['/var/lib/site', '/var/lib/site/data']) tree.setOwner(path, 990)
    },
  },
  {
    id: 'locked-shadow',
    happens: 'Shadow passwords, all of them locked.',
    tree: (tree) => tree.write('/etc/shadow', 'root:*:19000:0:99999:7:::\n', 0o600),
  },
  {
    id: 'hosts-of-another-style',
    happens: 'Another distribution’s /etc/hosts.',
    tree: (tree) =>
      tree.write(
        '/etc/hosts',
        '# local names\n::1 localhost ip6-localhost\n127.0.0.1   localhost.localdomain localhost\n',
      ),
  },
  {
    id: 'older-files',
    happens: 'Files keep the times of their packages.',
    tree: (tree) => {
      for (const path of tree.pathsBelow('/etc')) tree.setTime(path, tree.dateS - 86_400 * 365)
    },
  },
  {
    id: 'some-roots-expired',
    happens: 'The image was made years after the newest list of authorities.',
    bytes: (image) => {
      image.writeUInt32LE(Date.UTC(2028, 0) / 1000, 8)
      return image
    },
  },
  {
    id: 'certificates-elsewhere',
    happens: 'Another distribution’s place of the bundle.',
    tree: (tree) => tree.move('/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'),
  },
  {
    id: 'without-package-database',
    happens: 'IMAGE_FEATURES has no package-management, and the database is removed.',
    tree: (tree) => tree.remove('/var/lib/dpkg'),
  },
]
