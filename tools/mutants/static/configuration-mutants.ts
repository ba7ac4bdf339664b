import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

const containers = '/etc/containers/containers.conf'
const storage = '/etc/containers/storage.conf'
const dropIns = '/etc/containers/containers.conf.d'
const shared = '/vcontainer-init-common.sh'

const exportInInit = (tree: ImageTree, setting: string) =>
  tree.replace(shared, 'export HOME=/root ', `export ${setting}\nexport HOME=/root `)

export const configurationMutants: readonly StaticMutant[] = [
  {
    id: 'no-containers-conf',
    breaks: 'containers.conf is missing.',
    happens: 'The post-process command wrote to the build folder instead of IMAGE_ROOTFS.',
    tree: (tree) => tree.remove(containers),
    fails: ['CFG-005'],
  },
  {
    id: 'empty-containers-conf',
    breaks: 'containers.conf sets nothing.',
    happens: 'A here-document lost its text.',
    tree: (tree) => tree.write(containers, ''),
    fails: ['CFG-005'],
  },
  {
    id: 'unclosed-table',
    breaks: 'containers.conf does not parse.',
    happens: 'A bracket was lost in an edit.',
    tree: (tree) => tree.replace(containers, '[network]', '[network'),
    fails: ['CFG-002', 'CFG-005'],
  },
  {
    id: 'repeated-key',
    breaks: 'A key stands twice in one table.',
    happens: 'The recipe appends to a file that has the line already.',
    tree: (tree) => tree.append(containers, 'network_backend = "netavark"\n'),
    fails: ['CFG-002', 'CFG-005'],
  },
  {
    id: 'text-for-a-list',
    breaks: 'helper_binaries_dir is a text where podman wants a list.',
    happens: 'The brackets were forgotten.',
    tree: (tree) => tree.replace(containers, '["/usr/libexec/podman"]', '"/usr/libexec/podman"'),
    fails: ['CFG-002', 'CFG-005'],
  },
  {
    id: 'key-misspelt',
    breaks: 'helper_binaries_dir is not set.',
    happens: 'One letter was missed.',
    tree: (tree) => tree.replace(containers, 'helper_binaries_dir', 'helper_binary_dir'),
    fails: ['CFG-002', 'CFG-005'],
    finds: { path: '/etc/containers/containers.conf', message: /engine\.helper_binary_dir is not a key/ },
  },
  {
    id: 'key-in-wrong-table',
    breaks: 'A key stands where podman does not look for it.',
    happens: 'A line was put under the wrong heading.',
    tree: (tree) => tree.replace(containers, '[engine]', '[engine]\nfirewall_driver = "iptables"'),
    fails: ['CFG-002'],
    finds: { path: '/etc/containers/containers.conf', message: /engine\.firewall_driver .*it belongs in \[network\]/ },
  },
  {
    id: 'number-as-text',
    breaks: 'A number is written as a text.',
    happens: 'All values were put in quotes by a template.',
    tree: (tree) => tree.write(`${dropIns}/10-locks.conf`, '[engine]\nnum_locks = "4096"\n'),
    fails: ['CFG-002'],
    finds: {
      path: '/etc/containers/containers.conf.d/10-locks.conf',
      message: /engine\.num_locks must be an integer, not "4096"/,
    },
  },
  {
    id: 'tabs-of-yaml',
    breaks: 'A drop-in is not TOML.',
    happens: 'Someone wrote YAML.',
    tree: (tree) => tree.write(`${dropIns}/20-engine.conf`, 'engine:\n  num_locks: 4096\n'),
    fails: ['CFG-002'],
    finds: { path: '/etc/containers/containers.conf.d/20-engine.conf', message: /does not parse/ },
  },
  {
    id: 'storage-drop-in',
    breaks: 'A drop-in has no effect.',
    happens: 'storage.conf.d is read by podman 6 only.',
    tree: (tree) =>
      tree.write('/etc/containers/storage.conf.d/10-vfs.conf', '[storage.options.vfs]\nignore_chown_errors = "true"\n'),
    fails: ['CFG-003'],
    finds: { path: '/etc/containers/storage.conf.d/10-vfs.conf', message: /no drop-ins/ },
  },
  {
    id: 'drop-in-of-wrong-name',
    breaks: 'A drop-in has no effect.',
    happens: 'Its name ends in .toml.',
    tree: (tree) => tree.write(`${dropIns}/10-locks.toml`, '[engine]\nnum_locks = 4096\n'),
    fails: ['CFG-003'],
    finds: { path: '/etc/containers/containers.conf.d/10-locks.toml', message: /must end in \.conf/ },
  },
  {
    id: 'configuration-by-variable',
    breaks: 'Podman reads another file than the one in /etc.',
    happens: 'A variable for tests was left in init.',
    tree: (tree) => {
      exportInInit(tree, 'CONTAINERS_CONF=/etc/containers/test.conf')
      tree.copy(containers, '/etc/containers/test.conf')
    },
    fails: ['CFG-004'],
    finds: {
      path: '/vcontainer-init-common.sh',
      message: /Line \d+ sets CONTAINERS_CONF=\/etc\/containers\/test\.conf/,
    },
  },
  {
    id: 'drop-in-that-overrides',
    breaks: 'A drop-in sets another helper folder.',
    happens: 'Another layer ships a drop-in for its own build of netavark.',
    tree: (tree) => tree.write(`${dropIns}/90.conf`, '[engine]\nhelper_binaries_dir = ["/usr/lib/podman"]\n'),
    fails: ['CFG-005'],
  },
  {
    id: 'image-store-added',
    breaks: 'Podman looks for images in a folder that is not there.',
    happens: 'A setting for a shared store was kept.',
    tree: (tree) => tree.replace(storage, 'additionalimagestores = []', 'additionalimagestores = ["/srv/images"]'),
    fails: ['CFG-005', 'STO-006'],
    finds: { path: '/etc/containers/storage.conf', message: /additionalimagestores names \/srv\/images/ },
  },
  {
    id: 'engine-kept-in-2026',
    breaks: 'The revision of 2026 sets a helper folder.',
    happens: 'containers.conf of the older recipe was taken over.',
    recipe: 'vpdmn-2026',
    tree: (tree) => tree.append(containers, '[engine]\nhelper_binaries_dir = ["/usr/libexec/podman"]\n'),
    fails: ['CFG-005'],
  },
  {
    id: 'driver-by-variable',
    breaks: 'Init chooses another storage driver.',
    happens: 'A variable for tests was left in init.',
    tree: (tree) => exportInInit(tree, 'STORAGE_DRIVER=overlay'),
    fails: ['CFG-004', 'STO-001'],
    finds: { path: '/init', message: /"overlay"/ },
  },
  {
    id: 'overlay-driver',
    breaks: 'The storage driver is overlay.',
    happens: 'The distribution’s storage.conf was kept.',
    tree: (tree) => tree.replace(storage, '"vfs"', '"overlay"'),
    fails: ['STO-001'],
    finds: { path: '/etc/containers/storage.conf', message: /driver is "overlay"; expected "vfs"/ },
  },
  {
    id: 'no-storage-conf',
    breaks: 'Podman chooses a driver by itself.',
    happens: 'The file was written before the package that owns it was installed, and removed with it.',
    tree: (tree) => tree.remove(storage),
    fails: ['STO-001'],
    finds: { path: '/etc/containers/storage.conf', message: /driver is not set/ },
  },
  {
    id: 'empty-storage-conf',
    breaks: 'Podman chooses a driver by itself.',
    happens: 'A here-document lost its text.',
    tree: (tree) => tree.write(storage, '\n'),
    fails: ['STO-001'],
  },
  {
    id: 'driver-in-wrong-table',
    breaks: 'The driver is not set.',
    happens: 'The line stands under [storage.options].',
    tree: (tree) => {
      tree.replace(storage, 'driver = "vfs"\n', '')
      tree.replace(storage, '[storage.options]\n', '[storage.options]\ndriver = "vfs"\n')
    },
    fails: ['STO-001', 'CFG-002'],
  },
  {
    id: 'mount-options-for-vfs',
    breaks: 'No podman command works.',
    happens: 'mountopt of an overlay configuration was kept.',
    tree: (tree) => tree.append(storage, 'mountopt = "nodev"\n'),
    fails: ['STO-002'],
    finds: { path: '/etc/containers/storage.conf', message: /mountopt = "nodev", which vfs rejects/ },
  },
  {
    id: 'options-by-variable',
    breaks: 'No podman command works.',
    happens: 'STORAGE_OPTS was set for the overlay driver.',
    tree: (tree) => exportInInit(tree, 'STORAGE_OPTS=overlay.mount_program=/usr/bin/fuse-overlayfs'),
    fails: ['STO-002', 'CFG-004'],
    finds: { path: '/vcontainer-init-common.sh', message: /STORAGE_OPTS gives the option overlay\.mount_program/ },
  },
  {
    id: 'graph-root-elsewhere',
    breaks: 'Images are stored beside the state disk.',
    happens: 'The folder was moved in storage.conf, not in init.',
    tree: (tree) => tree.replace(storage, '"/var/lib/containers/storage"', '"/var/lib/podman"'),
    fails: ['STO-003'],
    finds: { path: '/etc/containers/storage.conf', message: /graphroot is "\/var\/lib\/podman"; expected/ },
  },
  {
    id: 'init-mounts-elsewhere',
    breaks: 'Images are stored beside the state disk.',
    happens: 'The folder was moved in init, not in storage.conf.',
    tree: (tree) => tree.replace(shared, 'graph_root=/var/lib/containers/storage', 'graph_root=/var/lib/podman'),
    fails: ['STO-003'],
  },
  {
    id: 'run-root-on-disk',
    breaks: 'State of running containers survives a reboot.',
    happens: 'Both roots were put on the state disk.',
    tree: (tree) => tree.replace(storage, '"/run/containers/storage"', '"/var/lib/containers/run"'),
    fails: ['STO-004'],
    finds: { path: '/etc/containers/storage.conf', message: /is under none of \/run/ },
  },
  {
    id: 'relative-run-root',
    breaks: 'The run root depends on where podman is called.',
    happens: 'The first slash was lost.',
    tree: (tree) => tree.replace(storage, '"/run/containers/storage"', '"run/containers/storage"'),
    fails: ['STO-005', 'STO-004'],
    finds: { path: '/etc/containers/storage.conf', message: /not an absolute path/ },
  },
  {
    id: 'graph-root-as-image-store',
    breaks: 'The image store is the graph root.',
    happens: 'A new key was filled in with the same folder.',
    tree: (tree) =>
      tree.replace(storage, 'driver = "vfs"\n', 'driver = "vfs"\nimagestore = "/var/lib/containers/storage"\n'),
    fails: ['STO-005'],
    finds: { path: '/etc/containers/storage.conf', message: /imagestore and graphroot are both/ },
  },
]
