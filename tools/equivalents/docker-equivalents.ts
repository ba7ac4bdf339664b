import { without } from '../../fixtures/kernels/debian-kernels.ts'
import { replaceText } from '../mutants/elf-edits.ts'
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
    id: 'containerd-later-than-its-shim',
    happens: 'containerd was updated while its shims ran, and understands those of its last release.',
    recipe: 'vdkr',
    tree: (tree) =>
      tree.patch(
        '/usr/bin/containerd',
        replaceText(
          'path\tgithub.com/containerd/containerd/cmd/containerd',
          'path\tgithub.com/containerd/containerd/v2/cmd/contain',
        ),
      ),
  },
  {
    id: 'kernel-without-what-podman-asks',
    happens: 'A kernel was made smaller, for docker alone: netavark’s nftables and conmon’s signalfd are not in it.',
    recipe: 'vdkr',
    kernel: (kernel) => without(kernel, 'NF_TABLES', 'NF_TABLES_INET', 'NFT_MASQ', 'SIGNALFD'),
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
