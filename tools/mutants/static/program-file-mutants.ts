import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

/** Leaves a file's first bytes. */
const cut = (tree: ImageTree, path: string, lostBytes: number): void => {
  const bytes = tree.bytes(path)
  tree.write(path, bytes.subarray(0, bytes.length - lostBytes))
}

/** Programs and files that are not what they claim. */
export const programFileMutants: readonly StaticMutant[] = [
  {
    id: 'ip-of-busybox',
    breaks: 'ip -batch and -json fail.',
    happens: 'update-alternatives gave busybox the higher priority.',
    tree: (tree) => tree.makeLink('/usr/bin/ip', 'busybox'),
    fails: ['BIN-003'],
    finds: { path: '/usr/bin/ip', message: /ip is an applet of BusyBox; the recipe has the one of iproute2/ },
  },
  {
    id: 'ip-is-a-copy-of-busybox',
    breaks: 'ip -batch and -json fail.',
    happens: 'A script copies the applets that it wants (rootless-containers/rootlesskit issue 69).',
    tree: (tree) => tree.copy('/usr/bin/busybox', '/usr/bin/ip'),
    fails: ['BIN-003'],
  },
  {
    id: 'mount-of-busybox',
    breaks: 'Options of mount fail.',
    happens: 'util-linux was taken for a duplicate (wolfi-dev/os pull request 854).',
    tree: (tree) => {
      for (const name of ['mount', 'umount']) tree.makeLink(`/usr/bin/${name}`, 'busybox')
    },
    fails: ['BIN-003'],
  },
  {
    id: 'script-by-wrapper',
    breaks: 'Interactive commands lose their exit code.',
    happens: 'A wrapper stands in for a package that was left out.',
    tree: (tree) => tree.write('/usr/bin/script', '#!/bin/sh\nexec busybox script "$@"\n', 0o755),
    fails: ['BIN-003'],
  },
  {
    id: 'crun-cut-off',
    breaks: 'crun misses its last bytes.',
    happens: 'The disk was full when it was copied.',
    tree: (tree) => cut(tree, '/usr/bin/crun', 512),
    fails: ['BIN-004'],
  },
  {
    id: 'crun-is-a-page',
    breaks: 'No container starts.',
    happens: 'curl without --fail wrote the page of an error.',
    tree: (tree) => tree.write('/usr/bin/crun', '<!DOCTYPE html><title>404</title>\n', 0o755),
    fails: ['BIN-004', 'ELF-007'],
    finds: { path: '/usr/bin/crun', message: /neither an ELF program nor a script/ },
  },
  {
    id: 'conmon-is-a-library',
    breaks: 'No container starts.',
    happens: 'The wrong file of a build folder was installed.',
    tree: (tree) => {
      const isLibrary = (path: string) => /\/libseccomp\.so\.\d+\.\d/.test(path)
      const [library = ''] = tree.pathsBelow(tree.libraries).filter(isLibrary)
      tree.write('/usr/bin/conmon', tree.bytes(library), 0o755)
    },
    fails: ['BIN-004'],
  },
  {
    id: 'library-is-a-program',
    breaks: 'crun does not start.',
    happens: 'A link was made to the program of the same project.',
    tree: (tree) => {
      const library = `${tree.libraries}/libyajl.so.2`
      tree.makeLink(library, '/usr/bin/conmon')
    },
    fails: ['BIN-004'],
  },
  {
    id: 'bundle-cut-off',
    breaks: 'The last authority is missing.',
    happens: 'The disk was full when the bundle was written.',
    tree: (tree) => cut(tree, '/etc/ssl/certs/ca-certificates.crt', 300),
    fails: ['FS-011'],
    finds: { path: '/etc/ssl/certs/ca-certificates.crt', message: /its last block has a beginning and no end/ },
  },
  {
    id: 'package-database-cut-off',
    breaks: 'The last packages are not known.',
    happens: 'The build was killed while it wrote the database.',
    tree: (tree) => tree.append('/var/lib/dpkg/status', '\nPackage: tzdata\nStatus: install ok inst'),
    fails: ['FS-011'],
    finds: { path: '/var/lib/dpkg/status', message: /its last package has no version/ },
  },
]
