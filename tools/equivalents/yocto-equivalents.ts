import { rpmDatabase } from '../../fixtures/static/rpm-database.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import type { Variant } from '../mutants/variant.ts'
import {
  busyboxByAlternatives,
  hostsOfBaseFiles,
  layOutAsYocto,
  layOutUnmerged,
  nameLoaderAsMusl,
  utilLinuxByAlternatives,
  volatileLinks,
} from './yocto-image.ts'

const dpkgStatus = '/var/lib/dpkg/status'
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
    tree: volatileLinks,
  },
  {
    id: 'hosts-of-base-files',
    happens: 'base-files of Yocto has other names for the loopback than Debian.',
    tree: hostsOfBaseFiles,
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
  {
    id: 'loader-of-musl',
    happens: 'A distribution of musl’s names its loader otherwise.',
    tree: nameLoaderAsMusl,
  },
  {
    id: 'yocto-image',
    happens: 'All of Yocto’s manner in one image, without package management.',
    recipe: 'vpdmn-2026',
    tree: layOutAsYocto,
  },
  {
    id: 'yocto-image-unmerged',
    happens: 'The same of a distribution without usrmerge.',
    recipe: 'vpdmn-2026',
    tree: layOutUnmerged,
  },
]
