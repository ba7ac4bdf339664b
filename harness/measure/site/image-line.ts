import type { ArchitectureName } from '../../model/architecture.ts'
import { type Status, statusNames } from '../../model/status.ts'
import { judge } from '../../report/judge.ts'
import type { ImageReport, Report, Verdict } from '../../report/schema.ts'

/** What a site shows of an image in one report. */
export interface JudgedOnce {
  /** ISO 8601, UTC; empty where the report does not say. */
  at: string
  /** Folder of the report, from the site's. */
  folder: string
  verdict: Verdict
  counts: Readonly<Record<Status, number>>
}

/** One image of one release on one architecture, over all reports on it, the oldest first. */
export interface ImageLine {
  name: string
  /** Profile, and podman's version where it is known. */
  release: string
  arch: ArchitectureName
  runs: JudgedOnce[]
}

/** What tells an image from others over its builds: neither its folder nor its architecture do. */
export function imageName({ file, arch }: Pick<ImageReport, 'file' | 'arch'>): string {
  const parts = file.split('/').filter((part) => part !== '' && part !== arch)
  const last = parts.at(-1) ?? file
  // Deployed under a name that every image has there, its folder tells it.
  const above = parts.at(-2)
  return isGeneric(last) && above !== undefined ? `${above}/${last}` : last
}

const isGeneric = (name: string): boolean => /^rootfs\.\w+$/.test(name)

export const releaseOf = ({ profile, configuration }: Pick<ImageReport, 'profile' | 'configuration'>): string =>
  configuration?.podman === undefined ? profile : `${profile}, podman ${configuration.podman}`

/** How an image came out in a report; the faults of its run are everybody's. */
export function judgedOnce(image: ImageReport, report: Report, folder: string): JudgedOnce {
  return {
    at: report.startedAt ?? '',
    folder,
    verdict: judge([image], report.faults),
    counts: countsOf(image),
  }
}

const countsOf = ({ requirements }: ImageReport): Record<Status, number> =>
  Object.fromEntries(
    statusNames.map((name) => [name, requirements.filter(({ status }) => status === name).length]),
  ) as Record<Status, number>
