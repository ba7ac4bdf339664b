import { area } from './area.ts'

const registriesConf = 'image recipe, registries.conf; containers-registries.conf(5)'
const pullPage = 'podman-pull(1)'
const readMessage = 'Read podman’s message: a missing CA bundle, policy.json or /var/tmp are the usual causes.'
const noOverride = 'Set no arch, os or platform override in containers.conf.'

/** Names, tags, digests and platforms: which image a name leads to. */
export const pullRequirements = area([
  {
    id: 'PUL-001',
    title: 'An image is pulled by its full name',
    severity: 'blocker',
    why: 'Nothing runs in this image before it has been pulled.',
    source: pullPage,
    remedy: readMessage,
    quick: true,
  },
  {
    id: 'PUL-002',
    title: 'An image is pulled by a short name of the image’s aliases',
    severity: 'error',
    why: 'Commands are sent without a terminal; a short name without an alias cannot be asked about and fails.',
    source: registriesConf,
    remedy: 'Keep the [aliases] table in /etc/containers/registries.conf.',
    quick: true,
  },
  {
    id: 'PUL-003',
    title: 'All other aliases of the recipe lead to their images',
    severity: 'error',
    why: 'Users type nginx, ubuntu or debian and mean Docker Hub’s.',
    source: registriesConf,
    remedy: 'Give nginx, ubuntu and debian an alias under docker.io/library in /etc/containers/registries.conf.',
  },
  {
    id: 'PUL-004',
    title: 'A name without a registry is looked for in quay.io after docker.io',
    severity: 'error',
    why: 'The recipe promises both registries for unqualified names, in this order.',
    source: registriesConf,
    remedy: 'Set unqualified-search-registries = ["docker.io", "quay.io"] in /etc/containers/registries.conf.',
  },
  {
    id: 'PUL-005',
    title: 'A tag is pulled as the image that the registry gives it',
    severity: 'error',
    why: 'A build that pins a version must get that version.',
    source: pullPage,
    remedy: readMessage,
  },
  {
    id: 'PUL-006',
    title: 'An image is pulled by the digest of its index',
    severity: 'error',
    why: 'Reproducible builds name images by digest.',
    source: pullPage,
    remedy: readMessage,
  },
  {
    id: 'PUL-007',
    title: 'A digest that the registry does not have is refused',
    severity: 'error',
    why: 'Anything else would mean that the digest is not looked at.',
    source: 'OCI distribution specification, "Pulling manifests"',
    remedy: 'Use an unpatched podman; check for a registry mirror in registries.conf.',
  },
  {
    id: 'PUL-008',
    title: 'An image without a variant for this machine is refused and said so',
    severity: 'error',
    why: 'An image of another architecture would fail later with "exec format error", far from the cause.',
    source: 'OCI image specification, "Image Index", platform',
    remedy: noOverride,
  },
  {
    id: 'PUL-009',
    title: 'Another platform’s variant is pulled when asked for',
    severity: 'error',
    why: 'Build hosts fetch images for their targets.',
    source: 'podman-pull(1), --platform',
    remedy: noOverride,
  },
  {
    id: 'PUL-010',
    title: 'A missing tag or repository ends with exit code 125 and a reason',
    severity: 'error',
    why: 'A runner tells its user what podman says; a hang or a success would mislead.',
    source: 'podman-pull(1); podman(1), "Exit Codes"',
    remedy: readMessage,
  },
  {
    id: 'PUL-011',
    title: 'A second pull of an image downloads no layer again',
    severity: 'error',
    why: 'Runners pull before every run; only a manifest may travel when nothing has changed.',
    source: 'podman-pull(1)',
    remedy: 'Check that the store is writable and kept between commands.',
  },
  {
    id: 'PUL-012',
    title: 'A layer that another image has already is not downloaded again',
    severity: 'warning',
    why: 'Images share their base; without this each costs its full size again.',
    source: 'OCI image specification, "Layer"',
    remedy: 'Check that the store is writable and kept between commands.',
  },
  {
    id: 'PUL-013',
    title: 'With --pull=never nothing is asked of a registry',
    severity: 'error',
    why: 'Builds without a network rely on it.',
    source: 'podman-run(1), --pull',
    remedy: 'Set no pull_policy in containers.conf.',
  },
  {
    id: 'PUL-014',
    title: 'Three pulls at once all succeed',
    severity: 'error',
    why: 'A daemon’s clients and build tasks share one store; its locks have to hold.',
    source: 'containers-storage(5), locking',
    remedy: 'Keep /run and the graph root on file systems with working fcntl locks.',
  },
])
