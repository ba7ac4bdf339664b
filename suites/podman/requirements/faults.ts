import type { RequirementRow } from '../../../harness/model/requirement.ts'
import { type FaultCase, faultCases } from '../../../harness/registry/fault/fault-cases.ts'
import { workloadTable } from '../../../harness/workloads/images/table.ts'

const unpatched =
  'Use an unpatched podman; set no insecure registry, mirror or shorter retry in the image’s configuration.'

interface Group {
  why: string
  source: string
  remedy: string
  /** Numbers of the group’s cases by the case’s id. */
  cases: Readonly<Record<string, string>>
}

const groups: readonly Group[] = [
  {
    why: 'Public registries limit how often one may ask, and are down at times. A brief refusal must not fail a build; a lasting one must end it, not hang it.',
    source:
      'RFC 6585, "429 Too Many Requests"; containers/common, pkg/retry (from podman 5.4 on also 502, 503 and 504)',
    remedy: unpatched,
    cases: {
      'busy-manifest-twice': '001',
      'busy-blob-once': '002',
      'busy-always': '003',
      'unavailable-once': '004',
      'unavailable-always': '005',
      denied: '006',
      'no-manifest': '007',
      'no-blob': '008',
    },
  },
  {
    why: 'Lines are slow and break. What can be resumed must be; what cannot must end with a reason and leave nothing half done.',
    source: 'containers/image, docker/body_reader.go; containers/common, pkg/retry',
    remedy: unpatched,
    cases: {
      'late-manifest': '010',
      'slow-blob': '011',
      'stalled-blob': '012',
      'hang-up-once': '013',
      'cut-layer-once': '014',
      'cut-layer-always': '015',
      'dies-in-layer': '016',
    },
  },
  {
    why: 'Content that is not what its digest says was changed on the way, by accident or by an attacker. It must never be stored or run.',
    source: 'OCI image specification, "Digests"; OCI distribution specification, "Pulling blobs"',
    remedy: unpatched,
    cases: {
      'altered-layer': '020',
      'altered-blob-start': '021',
      'altered-manifest': '022',
      'short-layer': '023',
      'long-layer': '024',
      'page-for-manifest': '025',
      'page-for-blob': '026',
    },
  },
  {
    why: 'Large registries send their clients elsewhere for layers. A good redirect has to be followed; a bad one must not hang the pull.',
    source: 'RFC 9110, "Redirection 3xx"',
    remedy: unpatched,
    cases: { 'redirected-blobs': '030', 'redirect-loop': '031', 'redirect-nowhere': '032', 'anonymous-token': '033' },
  },
  {
    why: 'Whoever sits between guest and registry can present a certificate; accepting a wrong one gives up all that TLS is for.',
    source: 'RFC 5280; containers-registries.conf(5), insecure',
    remedy:
      'Remove insecure = true from registries.conf and tls-verify overrides from containers.conf; ship the public CA bundle.',
    cases: {
      'certificate-unknown-authority': '040',
      'certificate-expired': '041',
      'certificate-not-yet-valid': '042',
      'certificate-wrong-name': '043',
    },
  },
]

const verdicts: Record<FaultCase['pull'], string> = {
  succeeds: 'A pull succeeds though',
  fails: 'A pull fails cleanly when',
}

/** Requirement of each fault case, by the case’s id. A case without a number is a programming error. */
export const faultRequirementIds: ReadonlyMap<string, string> = new Map(
  groups.flatMap(({ cases }) => Object.entries(cases).map(([id, number]) => [id, `FLT-${number}`] as const)),
)

function faultRow({ id, title, pull }: FaultCase) {
  const group = groups.find(({ cases }) => id in cases)
  if (!group) throw new Error(`The fault case ${id} has no number.`)
  const { why, source, remedy, cases } = group
  return {
    id: `FLT-${cases[id]}`,
    title: `${verdicts[pull]}: ${title}`,
    severity: 'error' as const,
    why,
    source,
    remedy,
  }
}

const hostileNumbers: Readonly<Record<string, string>> = {
  'hostile-truncated-layer': '001',
  'hostile-gzip-bomb': '002',
  'hostile-no-archive': '003',
  'hostile-wrong-diff-id': '004',
  'hostile-path-traversal': '005',
  'hostile-absolute-path': '006',
  'hostile-symlink-escape': '007',
  'hostile-hardlink-escape': '008',
}

const hostile = workloadTable.filter((workload) => workload.hostile !== undefined)

/** Hostile images by their requirement. An image without a number is a programming error. */
export const hostileByRequirement: ReadonlyMap<string, (typeof hostile)[number]> = new Map(
  hostile.map((workload) => {
    const number = hostileNumbers[workload.name]
    if (!number) throw new Error(`The hostile image ${workload.name} has no number.`)
    return [`HOS-${number}`, workload]
  }),
)

/** A registry or a line that misbehaves, and images that attack: what podman makes of them. */
export const faultRequirements: readonly RequirementRow[] = [
  ...faultCases().map(faultRow),
  ...[...hostileByRequirement].map(([id, { purpose, hostile: outcome }]) => ({
    id,
    title: `A hostile image is ${outcome}: ${purpose}`,
    severity: 'error' as const,
    why: 'Anyone can publish an image. One that writes outside its own root, or fills the machine’s memory, owns every guest that pulls it.',
    source: 'containers/storage, pkg/archive and pkg/chrootarchive; OCI image specification, "Layer DiffID"',
    remedy: 'Use an unpatched podman of a release that still gets security updates.',
  })),
]
