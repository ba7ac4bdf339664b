import { basename } from 'node:path'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { setInterpreter } from '../mutants/elf-edits.ts'

const isFile = (tree: ImageTree, path: string): boolean => tree.has(path) && tree.entry(path).kind === 'file'

/** update-alternatives of Yocto names each provider's program, and leads to it by absolute links (oe-core, update-alternatives.bbclass). */
function nameByProvider(tree: ImageTree, path: string, provider: string): void {
  tree.move(path, `${path}.${provider}`)
  tree.makeLink(path, `${path}.${provider}`)
}

/** Yocto's busybox is split by setuid, and its applets are alternatives. */
export function busyboxByAlternatives(tree: ImageTree): void {
  const applets = [...tree.pathsBelow('/usr/bin'), ...tree.pathsBelow('/usr/sbin')].filter((path) =>
    /(^|\/)busybox$/.test(tree.entry(path).target ?? ''),
  )
  nameByProvider(tree, '/usr/bin/busybox', 'nosuid')
  for (const path of applets) tree.makeLink(path, '/usr/bin/busybox.nosuid')
}

/** util-linux provides mount and others as alternatives to those of busybox. */
export function utilLinuxByAlternatives(tree: ImageTree): void {
  for (const name of ['mount', 'umount', 'setsid', 'script'])
    if (isFile(tree, `/usr/bin/${name}`)) nameByProvider(tree, `/usr/bin/${name}`, 'util-linux')
}

/** base-files of Yocto keeps logs and locks in volatile memory. */
export function volatileLinks(tree: ImageTree): void {
  for (const path of ['/var/log', '/var/lock']) if (tree.has(path)) tree.remove(path)
  tree.makeLink('/var/log', 'volatile/log')
  tree.makeLink('/var/lock', '../run/lock')
}

/** base-files of Yocto has other names for the loopback than Debian. */
export const hostsOfBaseFiles = (tree: ImageTree): void =>
  tree.write('/etc/hosts', '127.0.0.1\tlocalhost.localdomain\t\tlocalhost\n')

/** So is /var/tmp, which init makes once there is memory for it (base-files, `volatiles`). */
function volatileTemporaryFolder(tree: ImageTree): void {
  tree.remove('/var/tmp')
  tree.makeLink('/var/tmp', 'volatile/tmp')
  tree.replace('/etc/fstab', /^tmpfs \/var\/tmp .*\n/m, '')
  const mounted = '  mount -a # /etc/fstab\n'
  const made = '  mkdir -p /var/volatile/log\n  mkdir -p -m 1777 /var/volatile/tmp\n'
  tree.replace('/vcontainer-init-common.sh', mounted, mounted + made)
}

/** Some libraries name a loader too, whether they can be started or not. */
const mayStart = (tree: ImageTree, path: string): boolean =>
  isFile(tree, path) && (/\.so(\.|$)/.test(path) || (tree.entry(path).permissions & 0o100) !== 0)

/** Makes every program name its loader at another path than the link to it, which goes. Returns where it is. */
function nameLoader(tree: ImageTree, loader: string): string {
  for (const path of tree.pathsBelow('/usr')) if (mayStart(tree, path)) setInterpreter(tree, path, loader)
  tree.remove(`/usr${tree.architecture.loader}`)
  return `${tree.libraries}/${basename(tree.architecture.loader)}`
}

/** The C library of musl is its own loader, by a link with a name of its own (musl, `ldso`); here that leads to glibc's, so that all runs. */
export function nameLoaderAsMusl(tree: ImageTree): void {
  const loader = `/lib/ld-musl-${tree.arch}.so.1`
  tree.makeLink(`/usr${loader}`, nameLoader(tree, loader))
}

/** Moves the libraries out of Debian's folder for each architecture: `baselib` of Yocto is lib, and it has no /lib64. */
function useOneLibraryFolder(tree: ImageTree): void {
  const loader = `/lib/${basename(tree.architecture.loader)}`
  if (loader !== tree.architecture.loader) nameLoader(tree, loader)
  tree.move(tree.libraries, '/usr/lib')
  for (const path of ['/lib64', '/usr/lib64']) if (tree.has(path)) tree.remove(path)
}

/** An image without package management keeps no database. */
const forgetPackages = (tree: ImageTree): void => tree.remove('/var/lib/dpkg')

/** The image of the current era as Yocto lays it out, with merged /usr. */
export function layOutAsYocto(tree: ImageTree): void {
  useOneLibraryFolder(tree)
  utilLinuxByAlternatives(tree)
  busyboxByAlternatives(tree)
  volatileLinks(tree)
  volatileTemporaryFolder(tree)
  hostsOfBaseFiles(tree)
  tree.makeLink('/etc/mtab', '/proc/mounts')
  forgetPackages(tree)
}

/** What is not below /usr where it is not merged: `base_bindir`, `base_sbindir`, `base_libdir` (oe-core, bitbake.conf; busybox.links). */
const atTheRoot = [
  /^\/usr\/bin\/(busybox|u?mount|\[?(a?sh|cat|chmod|chown|cp|date|dd|df|dmesg|echo|false|grep|gzip|hostname|kill|ln|ls|mkdir|mknod|mktemp|mv|ping|ps|pwd|rm|rmdir|sed|sleep|stty|sync|tar|touch|true|uname))(\.[\w-]+)?$/,
  /^\/usr\/sbin\/(init|modprobe)$/,
  /^\/usr\/lib\/(ld-linux-[^/]+|lib(c|m|dl|pthread|resolv|rt)\.so\.\d)$/,
]

/** The same without `usrmerge` among the distribution's features. */
export function layOutUnmerged(tree: ImageTree): void {
  layOutAsYocto(tree)
  for (const name of ['bin', 'sbin', 'lib']) {
    tree.remove(`/${name}`)
    tree.makeFolder(`/${name}`)
  }
  for (const path of tree.pathsBelow('/usr')) {
    const { target } = tree.entry(path)
    if (target?.startsWith('/usr/bin/') && atTheRoot.some((pattern) => pattern.test(target)))
      tree.makeLink(path, target.slice('/usr'.length))
    if (atTheRoot.some((pattern) => pattern.test(path))) tree.move(path, path.slice('/usr'.length))
  }
}
