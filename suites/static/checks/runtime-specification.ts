import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import { readGoBuildInfo } from '../../../harness/inspect/programs/go-build-info.ts'
import { unlessBroken } from '../../../harness/inspect/programs/podman-program.ts'
import { type Examination, examined, finding, type StaticCheck, skipped } from '../check.ts'

/** Where podman looks for crun before it looks along the search path (containers.conf(5), runtimes). */
const runtimeFolders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/sbin', '/bin']
const maxRuntimeBytes = 32 * 1024 * 1024

/** What crun before 1.14.2 says of a version that does not hold "1.0"; later ones do not look at it (crun, NEWS, 1.14.2). */
const refusal = 'unknown version specified'
const accepted = /1\.0/

/** What podman writes where its build information does not tell: 1.2 since 5.0 (podman, go.mod of its branches). */
const versionByEra = { 4: '1.0.2', 5: '1.2.0', 6: '1.3.0' } as const
const specification = 'github.com/opencontainers/runtime-spec'

/** The version of the runtime specification that podman writes into config.json. */
function writtenVersion({ files, podman }: InspectedImage): string | undefined {
  const entry = podman && files.findFile(podman.path)
  if (podman === undefined || entry === undefined) return undefined
  const info = unlessBroken(() => readGoBuildInfo((offset, lengthBytes) => files.read(entry, offset, lengthBytes)))
  const version = info?.modules.find(({ path }) => path === specification)?.version
  return /\d+\.\d+\.\d+/.exec(version ?? '')?.[0] ?? versionByEra[podman.era]
}

/** The crun that podman takes, which need not be the first on the search path. */
function runtimePath({ configuration, files, init }: InspectedImage): string | undefined {
  const runtime = configuration.containers.values.get('engine.runtime')?.value
  if (typeof runtime === 'string' && runtime.includes('/')) return files.isExecutable(runtime) ? runtime : undefined
  const listed = configuration.containers.values.get('engine.runtimes.crun')?.value
  const places = Array.isArray(listed)
    ? listed.filter((place) => typeof place === 'string')
    : runtimeFolders.map((folder) => `${folder}/crun`)
  return places.find((place) => files.isExecutable(place)) ?? findProgram(files, 'crun', init.searchPath)
}

function examineSpecification(image: InspectedImage): Examination {
  const path = runtimePath(image)
  const entry = path && image.files.findFile(path)
  const written = writtenVersion(image)
  if (!path || !entry || written === undefined) return skipped('The image has no podman or no crun.')
  const content = image.files.readIfWhole(entry, 0, maxRuntimeBytes)
  if (accepted.test(written) || !content?.includes(refusal, 0, 'latin1')) return examined()
  return examined(
    finding(
      path,
      `podman ${image.podman?.version} writes version ${written} of the runtime specification, and this crun takes 1.0 and 1.1 only.`,
    ),
  )
}

export const runtimeSpecificationChecks: readonly StaticCheck[] = [
  {
    id: 'CON-010',
    title: 'crun takes the version of the runtime specification that podman writes',
    severity: 'blocker',
    why: 'An older crun refuses every container with "unknown version specified", which names neither podman nor the version.',
    source: 'crun, NEWS, 1.14.2 and 1.14.3; podman issue 27272',
    remedy: 'Take crun 1.14.3 or later, and see that no older one lies in /usr/bin, where podman looks first.',
    examine: examineSpecification,
  },
]
