import type { StaticMutant } from '../variant.ts'

/** Names of registries that are not looked up where they should be. */
export const lookUpMutants: readonly StaticMutant[] = [
  {
    id: 'registry-blocked-by-hosts',
    breaks: 'Nothing is pulled from docker.io.',
    happens: 'The list of a build machine that must not pull was copied.',
    tree: (tree) => tree.append('/etc/hosts', '0.0.0.0\tregistry-1.docker.io auth.docker.io\n'),
    fails: ['REG-010'],
    finds: { path: '/etc/hosts', message: /gives registry-1\.docker\.io the address 0\.0\.0\.0/ },
  },
  {
    id: 'hosts-without-dns',
    breaks: 'No registry is found.',
    happens: 'A machine without a network was to look up names in files alone.',
    tree: (tree) => tree.write('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files\n'),
    fails: ['REG-010'],
    finds: { path: '/etc/nsswitch.conf', message: /line for hosts does not list dns/ },
  },
]
