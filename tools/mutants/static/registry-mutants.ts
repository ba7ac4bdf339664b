import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

const policy = '/etc/containers/policy.json'
const registries = '/etc/containers/registries.conf'
const accept = '{"type":"insecureAcceptAnything"}'

const setPolicy = (text: string) => ({ tree: (tree: ImageTree) => tree.write(policy, text) })
const addToRegistries = (text: string) => ({ tree: (tree: ImageTree) => tree.append(registries, text) })
const beforeAliases = (text: string) => ({
  tree: (tree: ImageTree) => tree.replace(registries, '# Short name aliases', `${text}\n# Short name aliases`),
})
const dropIn = (text: string) => ({
  tree: (tree: ImageTree) => tree.write('/etc/containers/registries.conf.d/50-site.conf', text),
})

export const registryMutants: readonly StaticMutant[] = [
  {
    id: 'no-policy',
    breaks: 'Every pull is refused.',
    happens: 'The file is that of a package which was left out.',
    tree: (tree) => tree.remove(policy),
    fails: ['POL-001'],
    finds: { path: '/etc/containers/policy.json', message: /does not exist/ },
  },
  {
    id: 'empty-policy',
    breaks: 'Every pull is refused.',
    happens: 'A here-document lost its text.',
    ...setPolicy(''),
    fails: ['POL-002'],
  },
  {
    id: 'policy-with-trailing-comma',
    breaks: 'Every pull is refused.',
    happens: 'An element was removed behind a comma.',
    ...setPolicy(`{"default":[${accept},]}\n`),
    fails: ['POL-002'],
  },
  {
    id: 'policy-written-twice',
    breaks: 'Every pull is refused.',
    happens: 'The recipe writes with >> and ran twice.',
    ...setPolicy(`{"default":[${accept}]}\n{"default":[${accept}]}\n`),
    fails: ['POL-002'],
    finds: { path: '/etc/containers/policy.json', message: /not one JSON value/ },
  },
  {
    id: 'policy-with-repeated-key',
    breaks: 'Every pull is refused, though other JSON readers accept the file.',
    happens: 'Two versions were merged.',
    ...setPolicy(`{"default":[{"type":"reject"}],"default":[${accept}]}\n`),
    fails: ['POL-002'],
    finds: { path: '/etc/containers/policy.json', message: /"default" is repeated/ },
  },
  {
    id: 'policy-with-comment',
    breaks: 'Every pull is refused.',
    happens: 'Someone left a note under a key of its own.',
    ...setPolicy(`{"_comment":"accept all for now","default":[${accept}]}\n`),
    fails: ['POL-002'],
    finds: { path: '/etc/containers/policy.json', message: /"_comment" is unknown/ },
  },
  {
    id: 'policy-without-default',
    breaks: 'Every pull is refused.',
    happens: 'The list was emptied to forbid nothing.',
    ...setPolicy('{"default":[]}\n'),
    fails: ['POL-002'],
    finds: { path: '/etc/containers/policy.json', message: /at least one/ },
  },
  {
    id: 'policy-type-misspelt',
    breaks: 'Every pull is refused.',
    happens: 'One letter was missed.',
    ...setPolicy('{"default":[{"type":"insecureAcceptAnyting"}]}\n'),
    fails: ['POL-003', 'POL-006'],
    finds: { path: '/etc/containers/policy.json', message: /"insecureAcceptAnyting" is unknown/ },
  },
  {
    id: 'policy-with-two-keys',
    breaks: 'Every pull is refused.',
    happens: 'A new key was added beside the old one.',
    ...setPolicy(
      `{"default":[${accept}],"transports":{"docker":{"quay.io":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/etc/hosts","keyData":"eA=="}]}}}\n`,
    ),
    fails: ['POL-003', 'POL-004'],
    finds: { path: '/etc/containers/policy.json', message: /exactly one of keyPath, keyPaths, keyData, not 2/ },
  },
  {
    id: 'policy-names-missing-key',
    breaks: 'Pulls from one registry are refused.',
    happens: 'The policy of another distribution names its key.',
    ...setPolicy(
      `{"default":[${accept}],"transports":{"docker":{"registry.access.redhat.com":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/etc/pki/rpm-gpg/RPM-GPG-KEY-redhat-release"}]}}}\n`,
    ),
    fails: ['POL-004'],
    finds: { path: '/etc/containers/policy.json', message: /RPM-GPG-KEY-redhat-release, which does not exist/ },
  },
  {
    id: 'policy-rejects',
    breaks: 'Every pull is refused.',
    happens: 'The policy was made strict and no registry was listed.',
    ...setPolicy('{"default":[{"type":"reject"}]}\n'),
    fails: ['POL-005', 'POL-006'],
    finds: { path: '/etc/containers/policy.json', message: /rejects every image/ },
  },
  {
    id: 'policy-rejects-one-registry',
    breaks: 'Nothing is pulled from docker.io.',
    happens: 'A company allows its own registry alone, and the image has it not.',
    ...setPolicy(
      '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker":{"docker.io":[{"type":"reject"}]}}}\n',
    ),
    fails: ['POL-005'],
    finds: { path: '/etc/containers/policy.json', message: /"docker\.io" rejects every image.*registry docker\.io/ },
  },
  {
    id: 'policy-demands-signatures',
    breaks: 'Unsigned images are refused.',
    happens: 'A hardening guide was followed.',
    ...setPolicy('{"default":[{"type":"signedBy","keyType":"GPGKeys","keyData":"eA=="}]}\n'),
    fails: ['POL-006'],
  },
  {
    id: 'registries-of-version-1',
    breaks: 'registries.conf is in a syntax of the past.',
    happens: 'It was copied from an old guide.',
    tree: (tree) => tree.write(registries, "[registries.search]\nregistries = ['docker.io', 'quay.io']\n"),
    fails: ['REG-001', 'CFG-002', 'REG-003', 'REG-004'],
    finds: { path: '/etc/containers/registries.conf', message: /version 1/ },
  },
  {
    id: 'broken-registries-conf',
    breaks: 'registries.conf does not parse.',
    happens: 'A quotation mark was lost.',
    tree: (tree) => tree.replace(registries, '"docker.io", ', '"docker.io, '),
    fails: ['REG-001', 'CFG-002', 'REG-003', 'REG-004'],
  },
  {
    id: 'search-by-url',
    breaks: 'Podman refuses registries.conf.',
    happens: 'The address was copied from a browser.',
    tree: (tree) => tree.replace(registries, '"quay.io"]', '"https://quay.io"]'),
    fails: ['REG-002', 'REG-003'],
    finds: { path: '/etc/containers/registries.conf', message: /"https:\/\/quay\.io" is not a host name/ },
  },
  {
    id: 'search-with-path',
    breaks: 'Podman refuses registries.conf.',
    happens: 'A project was named where only a host may be.',
    tree: (tree) => tree.replace(registries, '"quay.io"]', '"quay.io/podman"]'),
    fails: ['REG-002', 'REG-003'],
    finds: { path: '/etc/containers/registries.conf', message: /"quay\.io\/podman"/ },
  },
  {
    id: 'search-in-other-order',
    breaks: 'Short names lead to another registry first.',
    happens: 'The list was sorted by preference.',
    tree: (tree) => tree.replace(registries, '"docker.io", "quay.io"', '"quay.io", "docker.io"'),
    fails: ['REG-003'],
    finds: { path: '/etc/containers/registries.conf', message: /\["quay\.io","docker\.io"\]; expected/ },
  },
  {
    id: 'search-by-drop-in',
    breaks: 'Short names lead to another registry.',
    happens: 'A drop-in for a company’s own registry was left in.',
    tree: (tree) =>
      tree.write('/etc/containers/registries.conf.d/50-ours.conf', 'unqualified-search-registries = ["docker.io"]\n'),
    fails: ['REG-003'],
    finds: {
      path: '/etc/containers/registries.conf.d/50-ours.conf',
      message: /The search registries are \["docker\.io"\]; expected/,
    },
  },
  {
    id: 'no-registries-conf',
    breaks: 'No short name resolves.',
    happens: 'The file was removed with the package that owns it.',
    tree: (tree) => tree.remove(registries),
    fails: ['REG-003', 'REG-004'],
  },
  {
    id: 'alias-lost',
    breaks: 'nginx is ambiguous.',
    happens: 'A line was lost in a merge.',
    tree: (tree) => tree.replace(registries, '"nginx" = "docker.io/library/nginx"\n', ''),
    fails: ['REG-004'],
    finds: { path: '/etc/containers/registries.conf', message: /alias nginx is missing/ },
  },
  {
    id: 'alias-with-tag',
    breaks: 'Podman refuses registries.conf.',
    happens: 'A version was pinned there.',
    ...addToRegistries('"redis" = "docker.io/library/redis:7"\n'),
    fails: ['REG-004'],
    finds: { path: '/etc/containers/registries.conf', message: /must not have a tag/ },
  },
  {
    id: 'alias-to-another-registry',
    breaks: 'alpine is another image.',
    happens: 'A mirror was tried out.',
    tree: (tree) => tree.replace(registries, 'docker.io/library/alpine', 'quay.io/libpod/alpine'),
    fails: ['REG-004'],
    finds: { path: '/etc/containers/registries.conf', message: /alias alpine is "quay\.io\/libpod\/alpine"; expected/ },
  },
  {
    id: 'mirror-by-url',
    breaks: 'Podman refuses registries.conf.',
    happens: 'The address was copied from a browser.',
    ...beforeAliases('[[registry]]\nlocation = "https://docker.io"\n'),
    fails: ['REG-005'],
    finds: { path: '/etc/containers/registries.conf', message: /has a scheme/ },
  },
  {
    id: 'star-in-the-middle',
    breaks: 'Podman refuses registries.conf.',
    happens: 'A prefix was written as a pattern.',
    ...beforeAliases('[[registry]]\nprefix = "registry.*.example"\nlocation = "mirror.example"\n'),
    fails: ['REG-005'],
    finds: { path: '/etc/containers/registries.conf', message: /wildcard/ },
  },
  {
    id: 'short-names-enforced',
    breaks: 'A short name asks a question that nobody can answer.',
    happens: 'The distribution’s default was written down.',
    ...beforeAliases('short-name-mode = "enforcing"\n'),
    fails: ['REG-006'],
    finds: { path: '/etc/containers/registries.conf', message: /enforcing asks on a terminal/ },
  },
  {
    id: 'short-name-mode-misspelt',
    breaks: 'Podman refuses registries.conf.',
    happens: 'One letter was missed.',
    ...beforeAliases('short-name-mode = "permisive"\n'),
    fails: ['REG-006'],
    finds: { path: '/etc/containers/registries.conf', message: /"permisive" is none of/ },
  },
  {
    id: 'search-registry-blocked',
    breaks: 'Pulls by name from one search registry are refused.',
    happens: 'A rule of the site is in a drop-in.',
    ...dropIn('[[registry]]\nlocation = "quay.io"\nblocked = true\n'),
    fails: ['REG-008'],
    finds: {
      path: '/etc/containers/registries.conf.d/50-site.conf',
      message: /\[\[registry\]\] quay\.io is blocked: this is what the search registry quay\.io/,
    },
  },
  {
    id: 'images-from-elsewhere',
    breaks: 'Most images of docker.io are not found.',
    happens: 'The file is that of podman’s own tests (alvistack/ansible-role-podman issue 14).',
    ...dropIn(
      '[[registry]]\nprefix = "docker.io/library"\nlocation = "quay.io/libpod"\n[[registry]]\nprefix = "docker.io"\nlocation = "mirror.gcr.io"\n',
    ),
    fails: ['REG-008'],
    finds: {
      path: '/etc/containers/registries.conf.d/50-site.conf',
      message: /docker\.io\/library is only pulled from quay\.io\/libpod/,
    },
  },
  {
    id: 'every-host-blocked',
    breaks: 'Pulls by name are refused.',
    happens: 'A list of what is allowed ends in a wildcard.',
    ...dropIn('[[registry]]\nprefix = "*.io"\nblocked = true\n'),
    fails: ['REG-008'],
  },
  {
    id: 'public-registry-without-tls',
    breaks: 'Anyone on the way can replace images.',
    happens: 'insecure was meant for the mirror (podman issue 14306).',
    ...dropIn('[[registry]]\nlocation = "docker.io"\ninsecure = true\n'),
    fails: ['REG-009'],
    finds: { path: '/etc/containers/registries.conf.d/50-site.conf', message: /docker\.io is pulled without TLS/ },
  },
  {
    id: 'keyring-cut-off',
    breaks: 'Every pull from a signed registry is refused.',
    happens: 'The download of the key was broken off.',
    tree: (tree) => {
      tree.write('/etc/pki/key.gpg', Buffer.from([0x99, 1, 0x0d, 4, 0x5f]))
      tree.write(
        policy,
        `{"default":[${accept}],"transports":{"docker":{"quay.io":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/etc/pki/key.gpg"}]}}}\n`,
      )
    },
    fails: ['POL-004'],
    finds: { path: '/etc/pki/key.gpg', message: /which ends inside a packet/ },
  },
]
