import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import { type Examination, examined, finding, type StaticCheck, skipped } from '../check.ts'

type Version = readonly [major: number, minor: number, patch: number]

/** The oldest conmon by podman's release notes: since 3.2.0, of which each podman met here is younger. */
const oldestConmon: Version = [2, 0, 24]

/** `conmon --version` prints this text, which is whole in the program (conmon, src/cli.c). */
const conmonVersion = /conmon version (\d+)\.(\d+)\.(\d+)/
const maxConmonBytes = 8 * 1024 * 1024

function examineConmon({ files, init, podman }: InspectedImage): Examination {
  const path = findProgram(files, 'conmon', init.searchPath)
  const entry = path && files.findFile(path)
  if (podman === undefined || !path || !entry) return skipped('The image has no podman or no conmon.')
  const text = files.readIfWhole(entry, 0, maxConmonBytes)?.toString('latin1') ?? ''
  const [, ...numbers] = conmonVersion.exec(text) ?? []
  if (numbers.length === 0) return skipped('conmon does not tell its version.')
  const version = numbers.map(Number) as unknown as Version
  if (!isOlder(version, oldestConmon)) return examined()
  const [has, needs] = [version.join('.'), oldestConmon.join('.')]
  return examined(finding(path, `conmon ${has} is too old for podman ${podman.version}, which needs ${needs}.`))
}

function isOlder(version: Version, other: Version): boolean {
  const index = version.findIndex((number, at) => number !== other[at])
  return index >= 0 && (version[index] as number) < (other[index] as number)
}

export const pairChecks: readonly StaticCheck[] = [
  {
    id: 'CON-009',
    title: 'conmon is as new as podman asks for',
    severity: 'error',
    why: 'Podman hands conmon options that an older one refuses: no container starts, or none is seen to end.',
    source: 'podman, RELEASE_NOTES.md, 3.2.0',
    remedy: 'Take podman and conmon from one release of the distribution.',
    examine: examineConmon,
  },
]
