import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

const status = '/var/lib/dpkg/status'

/** Takes a package out of the database. */
function forgetPackage(tree: ImageTree, name: string): void {
  tree.replace(status, new RegExp(`Package: ${name}\\n(?:.+\\n)+`), '')
}

export const programMutants: readonly StaticMutant[] = [
  {
    id: 'no-podman',
    breaks: 'podman is missing.',
    happens: 'IMAGE_INSTALL names podman with = where it should with +=.',
    tree: (tree) => tree.remove('/usr/bin/podman'),
    fails: ['BIN-001', 'INI-004'],
  },
  {
    id: 'podman-not-executable',
    breaks: 'podman cannot be run.',
    happens: 'It was installed by install -m 0644.',
    tree: (tree) => tree.setMode('/usr/bin/podman', 0o644),
    fails: ['BIN-001', 'INI-004'],
  },
  {
    id: 'empty-podman',
    breaks: 'podman is a file without content.',
    happens: 'A download failed and its result was not looked at.',
    tree: (tree) => tree.write('/usr/bin/podman', '', 0o755),
    fails: ['BIN-001'],
  },
  {
    id: 'no-crun',
    breaks: 'The OCI runtime is missing.',
    happens: 'runc was the default of the layer, and was excluded.',
    tree: (tree) => {
      tree.remove('/usr/bin/crun')
      tree.remove('/usr/bin/crun-wasm')
    },
    fails: ['BIN-001', 'CON-004'],
  },
  {
    id: 'no-conmon',
    breaks: 'conmon is missing.',
    happens: 'It was taken for a part of podman.',
    tree: (tree) => tree.remove('/usr/bin/conmon'),
    fails: ['BIN-001', 'CON-003'],
    finds: { path: '/usr/libexec/podman/conmon', message: /conmon is not on the search path/ },
  },
  {
    id: 'no-skopeo',
    breaks: 'skopeo is missing.',
    happens: 'It was dropped for size.',
    tree: (tree) => tree.remove('/usr/bin/skopeo'),
    fails: ['BIN-001'],
    finds: { path: '/usr/bin/skopeo', message: /skopeo is not on init's search path/ },
  },
  {
    id: 'no-ip',
    breaks: 'ip is missing.',
    happens: 'iproute2 was split, and only its library package is installed.',
    tree: (tree) => {
      tree.remove('/usr/bin/ip')
      tree.remove('/usr/sbin/ip')
    },
    fails: ['BIN-001'],
  },
  {
    id: 'no-iptables-alternative',
    breaks: 'The package is there, its command is not.',
    happens: 'The alternatives were set by a script that did not run.',
    tree: (tree) => tree.remove('/usr/sbin/iptables'),
    fails: ['BIN-001'],
  },
  {
    id: 'no-umount',
    breaks: 'umount is missing.',
    happens: 'util-linux was split, and one of its packages forgotten.',
    tree: (tree) => tree.remove('/usr/bin/umount'),
    fails: ['BIN-001'],
  },
  {
    id: 'folder-named-skopeo',
    breaks: 'skopeo is a folder.',
    happens: 'install was called without -T.',
    tree: (tree) => {
      tree.move('/usr/bin/skopeo', '/usr/bin/skopeo-binary')
      tree.makeFolder('/usr/bin/skopeo')
      tree.move('/usr/bin/skopeo-binary', '/usr/bin/skopeo/skopeo')
    },
    fails: ['BIN-001'],
  },
  {
    id: 'crun-in-local-folder',
    breaks: 'crun lies where nobody looks.',
    happens: 'It was built with the prefix /opt/crun.',
    tree: (tree) => {
      tree.remove('/usr/bin/crun-wasm')
      tree.move('/usr/bin/crun', '/opt/crun/bin/crun')
    },
    fails: ['BIN-001', 'CON-004'],
  },
  {
    id: 'no-podman-package',
    breaks: 'The database does not know podman.',
    happens: 'The binary was copied into the image by hand.',
    tree: (tree) => forgetPackage(tree, 'podman'),
    fails: ['BIN-002'],
    finds: { path: '/var/lib/dpkg/status', message: /podman is not installed/ },
  },
  {
    id: 'no-certificates-package',
    breaks: 'The database does not know the certificates.',
    happens: 'The bundle was downloaded when the image was made.',
    tree: (tree) => forgetPackage(tree, 'ca-certificates'),
    fails: ['BIN-002'],
  },
  {
    id: 'two-engines',
    breaks: 'Docker’s firewall drops what podman forwards, and neither knows what the other pulled.',
    happens: 'A package recommends docker.io, and recommendations are installed.',
    tree: (tree) => tree.copy('/usr/bin/crun', '/usr/bin/dockerd'),
    fails: ['BIN-005'],
    finds: { path: '/usr/bin/dockerd', message: /^dockerd is there, which the recipe leaves out\.$/ },
  },
]
