import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant, TreeChange } from '../variant.ts'

const daemonFile = '/etc/docker/daemon.json'
const registryFile = '/etc/vdkr/registry.conf'

const write = (path: string, text: string): TreeChange => ({ tree: (tree) => tree.write(path, text) })

/** Removes a program of dockerd's from wherever the image has it. */
const without = (...paths: readonly string[]): TreeChange => ({
  tree: (tree) => {
    for (const path of paths) if (tree.has(path)) tree.remove(path)
  },
})

export const dockerMutants: readonly StaticMutant[] = (
  [
    {
      id: 'daemon-json-with-comma',
      breaks: 'dockerd does not start.',
      happens: 'The last setting was taken out, and the comma before it was not.',
      ...write(daemonFile, '{ "debug": true, }\n'),
      fails: ['DKR-001'],
      finds: { path: daemonFile, message: /^dockerd cannot read it: / },
    },
    {
      id: 'daemon-json-of-another-release',
      breaks: 'dockerd does not start.',
      happens: 'The file is of an older docker, which called its data root graph.',
      ...write(daemonFile, '{ "graph": "/var/lib/docker" }\n'),
      fails: ['DKR-001'],
      finds: { path: daemonFile, message: /^It sets graph, which is no option of dockerd\.$/ },
    },
    {
      id: 'daemon-json-against-init',
      breaks: 'dockerd does not start, though both mean the same.',
      happens: 'A fragment for all hosts sets the storage driver.',
      ...write(daemonFile, '{ "storage-driver": "overlay2" }\n'),
      fails: ['DKR-002'],
      finds: {
        path: daemonFile,
        message:
          /^It sets storage-driver, which line \d+ of \/(?:init|vcontainer-init-common\.sh) gives dockerd too\.$/,
      },
    },
    {
      id: 'daemon-json-against-repeated-option',
      breaks: 'dockerd does not start.',
      happens: 'A guide says to set the driver of control groups there.',
      ...write(daemonFile, '{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }\n'),
      fails: ['DKR-002'],
      finds: { path: daemonFile, message: /^It sets exec-opts, which line \d+ of / },
    },
    {
      id: 'no-docker-init',
      breaks: 'docker run --init fails.',
      happens: 'The package of tini is only recommended.',
      ...without('/usr/bin/docker-init', '/usr/sbin/docker-init', '/usr/libexec/docker/docker-init'),
      fails: ['DKR-003'],
      finds: { message: /^dockerd finds no docker-init, .*: docker run --init fails\.$/ },
    },
    {
      id: 'registry-with-scheme',
      breaks: 'No image is pulled from the registry of the build.',
      happens: 'The address was copied from a browser.',
      ...write(registryFile, 'VDKR_DEFAULT_REGISTRY="http://10.0.2.2:5000/yocto"\n'),
      fails: ['DKR-004'],
      finds: {
        path: registryFile,
        message: /^Line 1 sets VDKR_DEFAULT_REGISTRY: "http:.* is not HOST:PORT\/NAMESPACE\.$/,
      },
    },
    {
      id: 'registry-of-the-other-tool',
      breaks: 'Init reads no registry.',
      happens: 'The file was written for the layer’s other tool.',
      ...write(registryFile, 'VPDMN_DEFAULT_REGISTRY="10.0.2.2:5000/yocto"\n'),
      fails: ['DKR-004'],
      finds: { path: registryFile, message: /^Line 1 sets VPDMN_DEFAULT_REGISTRY, which init does not read\.$/ },
    },
    {
      id: 'data-root-elsewhere',
      breaks: 'What was pulled is lost with the machine.',
      happens: 'A guide for large disks was followed.',
      tree: (tree: ImageTree) => {
        for (const path of ['/init', '/vcontainer-init-common.sh'])
          if (tree.has(path) && tree.text(path).includes('--data-root'))
            tree.replace(path, /--data-root \S+/, '--data-root /srv/docker')
      },
      fails: ['DKR-005'],
      finds: {
        message: /^dockerd keeps its store in \/srv\/docker; the state disk is mounted at \/var\/lib\/docker\.$/,
      },
    },
    {
      id: 'plugin-without-mode',
      breaks: 'docker buildx is an unknown command.',
      happens: 'The plugin was downloaded and put there as it came.',
      ...write('/usr/libexec/docker/cli-plugins/docker-buildx', 'a plugin\n'),
      fails: ['DKR-006'],
      finds: {
        path: '/usr/libexec/docker/cli-plugins/docker-buildx',
        message: /^docker cannot run it: .* is not executable\.$/,
      },
    },
    {
      id: 'iptables-without-addrtype-for-docker',
      breaks: 'dockerd cannot make its network.',
      happens: 'iptables was installed without its modules.',
      tree: (tree: ImageTree) => tree.remove(`${tree.libraries}/xtables/libxt_addrtype.so`),
      fails: ['ELF-006'],
      finds: { path: '/usr/lib64/xtables/libxt_addrtype.so', message: /extension addrtype is missing/ },
    },
  ] satisfies Omit<StaticMutant, 'recipe'>[]
).map((mutant) => ({ ...mutant, recipe: 'vdkr' }))
