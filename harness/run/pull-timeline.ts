import type { RegistryRequest } from '../registry/front/request-log.ts'
import type { Pull } from '../report/details-schema.ts'

/** A line of podman's debug log with the time at which it was written, on the clock that the requests have. */
export interface StampedLine {
  atMs: number
  text: string
}

export interface ObservedPull {
  reference: string
  startMs: number
  endMs: number
  lines: readonly StampedLine[]
  requests: readonly RegistryRequest[]
}

/** A pull as a report shows it, before it is known which requirement it answered. */
export type PullRecord = Omit<Pull, 'requirement'>
type PullStep = Pull['steps'][number]

/** More requests than a pull of twenty layers makes. */
const maxRequests = 100

/**
 * Joins what the registry saw of a pull with what podman said of its work. The guest's steps are prepare (to the first
 * request), resolve (to the first blob), download (of all blobs), unpack (once for each layer; in the gaps podman takes
 * digests and copies the layer below) and commit (to podman's end).
 */
export function pullRecord({ reference, startMs, endMs, lines, requests }: ObservedPull): PullRecord {
  const guestStep = (name: string, fromMs: number | undefined, toMs: number | undefined): PullStep[] =>
    fromMs === undefined || toMs === undefined ? [] : [{ side: 'guest', name, ...spanMs(startMs, fromMs, toMs) }]
  const firstMs = requests[0]?.startMs
  const blobs = requests.filter(({ path }) => path.includes('/blobs/'))
  const firstBlobMs = blobs[0]?.startMs
  const unpacked = unpackings(lines)
  return {
    reference,
    steps: [
      ...guestStep('prepare', startMs, firstMs),
      ...guestStep('resolve', firstMs, firstBlobMs),
      ...guestStep('download', firstBlobMs, latest(blobs.flatMap(({ endMs }) => endMs ?? []))),
      ...unpacked.flatMap(([fromMs, toMs]) => guestStep('unpack', fromMs, toMs)),
      ...guestStep('commit', unpacked.at(-1)?.[1], endMs),
      ...requests.slice(0, maxRequests).map((request): PullStep => {
        const { status, bytes: sizeBytes } = request
        const span = spanMs(startMs, request.startMs, request.endMs ?? endMs)
        return { side: 'registry', name: requestName(request), ...span, sizeBytes, status }
      }),
    ],
  }
}

/** Clocks are joined to some milliseconds, so that a step may seem to begin or end a little too early. */
const spanMs = (startMs: number, fromMs: number, toMs: number) => ({
  startMs: Math.max(0, fromMs - startMs),
  durationMs: Math.max(0, toMs - fromMs),
})

const latest = (times: readonly number[]): number | undefined => (times.length > 0 ? Math.max(...times) : undefined)

/** Start and end of each layer's unpacking: containers/storage, drivers/fsdiff.go, says both. */
function unpackings(lines: readonly StampedLine[]): [number, number][] {
  const starts = lines.filter(({ text }) => text.includes('msg="Start untar layer"'))
  const ends = lines.filter(({ text }) => text.includes('msg="Untar time: '))
  return starts.slice(0, ends.length).map(({ atMs }, index) => [atMs, (ends[index] as StampedLine).atMs])
}

/** As in `GET manifest latest` or `GET blob sha256:0123456789ab`; the path's start where it is no such address. */
function requestName({ method, path }: RegistryRequest): string {
  const [, kind, of = ''] = /\/(manifest|blob)s\/([^/?]+)/.exec(path) ?? []
  return kind ? `${method} ${kind} ${of.slice(0, 'sha256:'.length + 12)}` : `${method} ${path.slice(0, 40)}`
}

/** Sum of the guest's steps of one name, in milliseconds. */
export const stepMs = ({ steps }: PullRecord, name: string): number =>
  steps.filter((step) => step.name === name).reduce((sum, { durationMs }) => sum + durationMs, 0)
