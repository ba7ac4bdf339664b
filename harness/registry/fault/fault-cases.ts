import type { CertificateKind } from '../certificate/run-authority.ts'
import {
  type Act,
  answerError,
  answerPage,
  cutBodyAfter,
  dieAfter,
  endBodyAt,
  flipBitAt,
  hangUp,
  lengthenBody,
  passSlowly,
  pauseAt,
  waitFirst,
} from './acts.ts'
import type { Fault, RequestPattern } from './fault.ts'
import { bearerLogin } from './logins.ts'
import { isRedirected, redirectInCircles, redirectTo } from './redirects.ts'

/** One way in which a registry misbehaves, and what a sound client makes of it. */
export interface FaultCase {
  /** kebab-case; also the fault's id in the request log. */
  id: string
  title: string
  /** What has to come of a pull: the image, or a refusal that leaves nothing behind. */
  pull: 'succeeds' | 'fails'
  /** What to pull, without the registry's name. */
  reference: string
  /** The podman that brought the second try that makes it succeed; one before it fails. */
  sincePodman?: '4.4' | '5.5'
  certificate?: CertificateKind
  /** The front does not answer any more afterwards. */
  endsFront?: true
  /** Made anew for each front, since some remember what they met. */
  faults(): Fault[]
}

const baseImage = 'library/alpine:latest'

const manifests: RequestPattern = { resource: 'manifest', methods: ['GET'] }
const manifestsByDigest: RequestPattern = { ...manifests, reference: /^sha256:/ }
const blobs: RequestPattern = { resource: 'blob', methods: ['GET'] }
const firstBlobRequests: RequestPattern = { ...blobs, when: (exchange) => !isRedirected(exchange) }

/** Deep in any layer and behind the end of any configuration: the base images' layer has 1 MB, a configuration 1 kB. */
const inLayer = 100_000
const inConfiguration = 20

interface Row extends Pick<FaultCase, 'id' | 'title' | 'pull' | 'sincePodman' | 'endsFront'> {
  reference?: string
  on: RequestPattern
  act: Act
  times?: number
}

/** Busy and broken registries: a client may try again, and must when the fault is brief. */
const busyRows: readonly Row[] = [
  {
    id: 'busy-manifest-twice',
    title: 'HTTP 429 for a manifest, twice',
    pull: 'succeeds',
    on: manifests,
    act: answerError(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }),
    times: 2,
  },
  {
    id: 'busy-blob-once',
    title: 'HTTP 429 for a blob, once',
    pull: 'succeeds',
    on: blobs,
    act: answerError(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }),
    times: 1,
  },
  {
    id: 'busy-always',
    title: 'HTTP 429 for every manifest',
    pull: 'fails',
    on: manifests,
    act: answerError(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }),
  },
  {
    id: 'unavailable-once',
    title: 'HTTP 503 for a manifest, once',
    pull: 'succeeds',
    // containers/common 0.63 tries again after 502, 503 and 504 (pkg/retry/retry.go).
    sincePodman: '5.5',
    on: manifests,
    act: answerError(503, 'UNAVAILABLE'),
    times: 1,
  },
  {
    id: 'unavailable-always',
    title: 'HTTP 503 for every manifest',
    pull: 'fails',
    on: manifests,
    act: answerError(503, 'UNAVAILABLE'),
  },
  {
    id: 'denied',
    title: 'HTTP 403 for the manifest',
    pull: 'fails',
    on: manifests,
    act: answerError(403, 'DENIED'),
  },
  {
    id: 'no-manifest',
    title: 'HTTP 404 for the manifest',
    pull: 'fails',
    on: manifests,
    act: answerError(404, 'MANIFEST_UNKNOWN'),
  },
  { id: 'no-blob', title: 'HTTP 404 for every blob', pull: 'fails', on: blobs, act: answerError(404, 'BLOB_UNKNOWN') },
]

/** Bad lines: slow, silent, cut. */
const lineRows: readonly Row[] = [
  { id: 'late-manifest', title: 'manifests come 2 s late', pull: 'succeeds', on: manifests, act: waitFirst(2000) },
  { id: 'slow-blob', title: 'blobs come at 250 kB/s', pull: 'succeeds', on: blobs, act: passSlowly(250_000) },
  {
    id: 'stalled-blob',
    title: 'a layer is silent for 5 s in its middle',
    pull: 'succeeds',
    on: blobs,
    act: pauseAt(inLayer, 5000),
  },
  {
    id: 'hang-up-once',
    title: 'the connection is closed without an answer, once',
    pull: 'succeeds',
    on: manifests,
    act: hangUp,
    times: 1,
  },
  {
    id: 'cut-layer-once',
    title: 'the connection breaks in the middle of a layer, once',
    pull: 'succeeds',
    // containers/image 5.24 goes on by a range request, but only after 1 MiB of progress (docker/body_reader.go).
    reference: 'vpdmn/medium-layer:latest',
    sincePodman: '4.4',
    on: { ...blobs, when: ({ request }) => request.headers.range === undefined },
    act: cutBodyAfter(4 * 1024 ** 2),
  },
  {
    id: 'cut-layer-always',
    title: 'the connection breaks in the middle of the layer, every time',
    pull: 'fails',
    on: blobs,
    act: cutBodyAfter(inLayer),
  },
  {
    id: 'dies-in-layer',
    title: 'the registry dies in the middle of a blob',
    pull: 'fails',
    on: blobs,
    act: dieAfter(inConfiguration),
    endsFront: true,
  },
]

/** Tampering: what does not have the digest that was asked for must be refused. */
const tamperingRows: readonly Row[] = [
  { id: 'altered-layer', title: 'one bit of the layer is turned', pull: 'fails', on: blobs, act: flipBitAt(inLayer) },
  {
    id: 'altered-blob-start',
    title: 'one bit near the start of each blob is turned, configuration included',
    pull: 'fails',
    on: blobs,
    act: flipBitAt(inConfiguration),
  },
  {
    id: 'altered-manifest',
    title: 'one bit of the manifest that the index names is turned',
    pull: 'fails',
    on: manifestsByDigest,
    act: flipBitAt(inConfiguration),
  },
  { id: 'short-layer', title: 'the layer ends early', pull: 'fails', on: blobs, act: endBodyAt(inLayer) },
  { id: 'long-layer', title: 'each blob has 64 bytes more', pull: 'fails', on: blobs, act: lengthenBody(64) },
  {
    id: 'page-for-manifest',
    title: 'a login page in place of the manifest',
    pull: 'fails',
    on: manifests,
    act: answerPage,
  },
  { id: 'page-for-blob', title: 'a login page in place of each blob', pull: 'fails', on: blobs, act: answerPage },
]

/** Where Docker Hub sends its clients for blobs. */
const contentHost = 'production.cloudflare.docker.com'

/** Redirects of blobs to a content network. `host` is a name that the client resolves to the front. */
const redirectRows = (host: string): readonly Row[] => [
  {
    id: 'redirected-blobs',
    title: 'blobs are redirected to another host name',
    pull: 'succeeds',
    on: firstBlobRequests,
    act: redirectTo(host),
  },
  { id: 'redirect-loop', title: 'blobs are redirected in circles', pull: 'fails', on: blobs, act: redirectInCircles },
  {
    id: 'redirect-nowhere',
    title: 'blobs are redirected to a host that does not exist',
    pull: 'fails',
    on: firstBlobRequests,
    act: redirectTo('nowhere.invalid'),
  },
]

const certificateTitles: Record<Exclude<CertificateKind, 'trusted'>, string> = {
  'unknown-authority': 'the certificate is of an authority that the guest does not trust',
  expired: 'the certificate expired two months ago',
  'not-yet-valid': 'the certificate becomes valid in two months',
  'wrong-name': 'the certificate is for another name',
}

const certificateCases = Object.entries(certificateTitles).map(
  ([kind, title]): FaultCase => ({
    id: `certificate-${kind}`,
    title,
    pull: 'fails',
    reference: baseImage,
    certificate: kind as CertificateKind,
    faults: () => [],
  }),
)

const loginCases: readonly FaultCase[] = [
  {
    id: 'anonymous-token',
    title: 'a bearer token that anyone gets, as on Docker Hub',
    pull: 'succeeds',
    reference: baseImage,
    faults: () => [bearerLogin('anyone')],
  },
]

function caseOf({ on, act, times, ...row }: Row): FaultCase {
  const fault: Fault = { id: row.id, on, act, ...(times === undefined ? {} : { times }) }
  return { reference: baseImage, ...row, faults: () => [fault] }
}

/** All cases. `redirectHost` is for clients that know the front by another name than a guest does. */
export function faultCases(redirectHost = contentHost): readonly FaultCase[] {
  const rows = [...busyRows, ...lineRows, ...tamperingRows, ...redirectRows(redirectHost)]
  return [...rows.map(caseOf), ...loginCases, ...certificateCases]
}
