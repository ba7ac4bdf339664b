import { rpmDatabase } from '../../fixtures/static/rpm-database.ts'
import type { ImageTree } from '../mutants/image-tree.ts'
import type { Variant } from '../mutants/variant.ts'

const dpkgStatus = '/var/lib/dpkg/status'
const isProgram = (tree: ImageTree, path: string): boolean => tree.has(path) && tree.entry(path).target === undefined

/** update-alternatives of Yocto names each provider's program, and leads to it by absolute links (oe-core, update-alternatives.bbclass). */
function nameByProvider(tree: ImageTree, path: string, provider: string): void {
  tree.move(path, `${path}.${provider}`)
  tree.makeLink(path, `${path}.${provider}`)
}

function busyboxByAlternatives(tree: ImageTree): void {
  const applets = [...tree.pathsBelow('/usr/bin'), ...tree.pathsBelow('/usr/sbin')].filter((path) =>
    /(^|\/)busybox$/.test(tree.entry(path).target ?? ''),
  )
  nameByProvider(tree, '/usr/bin/busybox', 'nosuid')
  for (const path of applets) tree.makeLink(path, '/usr/bin/busybox.nosuid')
}

function utilLinuxByAlternatives(tree: ImageTree): void {
  for (const name of ['mount', 'umount', 'setsid', 'script'])
    if (isProgram(tree, `/usr/bin/${name}`)) nameByProvider(tree, `/usr/bin/${name}`, 'util-linux')
}

/** Packages of the image's own database, as another manager's. */
const packagesOf = (tree: ImageTree): { name: string; version: string }[] =>
  [...tree.text(dpkgStatus).matchAll(/^Package: (.+)\n(?:.+\n)*?Version: (.+)$/gm)].map(
    ([, name = '', version = '']) => ({
      name,
      version,
    }),
  )

function opkgIn(folder: string): (tree: ImageTree) => void {
  return (tree) => {
    const stanzas = packagesOf(tree).map(
      ({ name, version }) =>
        `Package: ${name}\nVersion: ${version}-r0\nStatus: install user installed\nArchitecture: core2-64\n`,
    )
    tree.remove(dpkgStatus)
    tree.write(`${folder}/status`, stanzas.join('\n'))
  }
}

/** How Yocto lays out an image, where Debian does otherwise. */
export const yoctoEquivalents: readonly Variant[] = [
  {
    id: 'busybox-by-alternatives',
    happens: 'Yocto’s busybox is split by setuid, and its applets are alternatives.',
    tree: busyboxByAlternatives,
  },
  {
    id: 'util-linux-by-alternatives',
    happens: 'util-linux provides mount as an alternative to that of busybox.',
    tree: utilLinuxByAlternatives,
  },
  {
    id: 'all-by-alternatives',
    happens: 'Both, as in a real image of Yocto’s.',
    tree: (tree) => {
      utilLinuxByAlternatives(tree)
      busyboxByAlternatives(tree)
    },
  },
  {
    id: 'volatile-links',
    happens: 'base-files of Yocto keeps logs and locks in volatile memory.',
    tree: (tree) => {
      for (const path of ['/var/log', '/var/lock']) if (tree.has(path)) tree.remove(path)
      tree.makeLink('/var/log', 'volatile/log')
      tree.makeLink('/var/lock', '../run/lock')
    },
  },
  {
    id: 'hosts-of-base-files',
    happens: 'base-files of Yocto has other names for the loopback than Debian.',
    tree: (tree) => tree.write('/etc/hosts', '127.0.0.1\tlocalhost.localdomain\t\tlocalhost\n'),
  },
  {
    id: 'opkg-in-var',
    happens: 'An image with package management by opkg.',
    tree: opkgIn('/var/lib/opkg'),
  },
  {
    id: 'opkg-in-usr',
    happens: 'opkg keeps its database with what is read-only.',
    tree: opkgIn('/usr/lib/opkg'),
  },
  {
    id: 'rpm-database',
    happens: 'An image with package management by dnf.',
    tree: (tree) => {
      const { content } = rpmDatabase(packagesOf(tree).map((known) => ({ ...known, release: 'r0' })))
      tree.remove(dpkgStatus)
      tree.write('/var/lib/rpm/rpmdb.sqlite', content)
    },
  },
]
