import type { Variant } from '../mutants/variant.ts'

/** Harmless variants of the image of docker. */
export const dockerEquivalents: readonly Variant[] = [
  {
    id: 'docker-as-it-is',
    happens: 'Nothing: the image of the recipe.',
    recipe: 'vdkr',
    tree: () => undefined,
  },
  {
    id: 'daemon-json-beside-init',
    happens: 'A build adds what init does not say.',
    recipe: 'vdkr',
    tree: (tree) =>
      tree.write('/etc/docker/daemon.json', '{ "max-concurrent-downloads": 2, "features": { "buildkit": true } }\n'),
  },
  {
    id: 'docker-registry-of-the-build',
    happens: 'A build gives the image a registry of its own.',
    recipe: 'vdkr',
    tree: (tree) =>
      tree.write(
        '/etc/vdkr/registry.conf',
        '# Registry of the build\nVDKR_DEFAULT_REGISTRY="localhost:5000/yocto"\nVDKR_INSECURE_REGISTRIES="localhost:5000"\n',
      ),
  },
]
