import { readDaemonFile } from '../../../harness/inspect/docker/daemon-json.ts'
import { daemonKeys, keysSet } from '../../../harness/inspect/docker/daemon-keys.ts'
import { daemonOptions } from '../../../harness/inspect/docker/daemon-options.ts'
import { helperOfDaemon } from '../../../harness/inspect/docker/helper-program.ts'
import { usesProxy } from '../../../harness/inspect/docker/userland-proxy.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const noFile = 'The image has no daemon.json; dockerd takes its defaults and what init gives it.'

function examineFile(image: InspectedImage): Examination {
  const file = readDaemonFile(image)
  if (file === undefined) return skipped(noFile)
  if (file.table === undefined) return examined(finding(file.path, `dockerd cannot read it: ${file.problem}.`))
  const unknown = keysSet(file.table).filter((key) => !daemonKeys.has(key))
  return examined(...unknown.map((key) => finding(file.path, `It sets ${key}, which is no option of dockerd.`)))
}

/** May be given by both: runtimes are joined (moby, `skipDuplicates`). */
const joined = 'runtimes'

function examineConflicts(image: InspectedImage): Examination {
  const file = readDaemonFile(image)
  if (file?.table === undefined) return skipped(file === undefined ? noFile : 'daemon.json cannot be read.')
  const given = new Map(daemonOptions(image.init).map((option) => [option.key, option]))
  const twice = [...new Set(keysSet(file.table))].filter((key) => key !== joined)
  return examined(
    ...twice.flatMap((key) => {
      const option = given.get(key)
      if (option === undefined) return []
      return [finding(file.path, `It sets ${key}, which line ${option.line} of ${option.path} gives dockerd too.`)]
    }),
  )
}

interface Helper {
  name: string
  /** What fails without it. */
  breaks: string
  isUsed(image: InspectedImage): boolean
}

const helpers: readonly Helper[] = [
  { name: 'docker-init', breaks: 'docker run --init fails', isUsed: () => true },
  {
    name: 'docker-proxy',
    breaks: 'dockerd does not start with userland-proxy, which is on',
    isUsed: usesProxy,
  },
]

const examineHelpers = (image: InspectedImage): Examination =>
  examineEach(
    helpers.filter(({ isUsed }) => isUsed(image)),
    'dockerd uses none.',
    ({ name, breaks }) =>
      helperOfDaemon(image, name)
        ? undefined
        : finding(
            `/usr/bin/${name}`,
            `dockerd finds no ${name}, neither in its own folders nor on the search path: ${breaks}.`,
          ),
  )

const conflicts = 'moby, daemon/config/config.go, findConfigurationConflicts'

export const dockerDaemonChecks: readonly StaticCheck[] = [
  {
    id: 'DKR-001',
    title: 'daemon.json is a JSON object with keys that dockerd knows',
    severity: 'blocker',
    why: 'dockerd does not start with a file that it cannot read, or that sets what it does not know.',
    source: `dockerd(8), "--config-file"; ${conflicts}`,
    remedy: 'Correct the file; dockerd --validate --config-file FILE tells what it objects to.',
    examine: examineFile,
  },
  {
    id: 'DKR-002',
    title: 'daemon.json sets nothing that init gives dockerd as an option',
    severity: 'blocker',
    why: 'dockerd does not start where a setting is given both ways, even where the values are the same.',
    source: conflicts,
    remedy: 'Take the key out of daemon.json, or the option out of init.',
    examine: examineConflicts,
  },
  {
    id: 'DKR-003',
    title: 'dockerd finds docker-init, and docker-proxy where it uses it',
    severity: 'error',
    why: 'dockerd starts them itself: the one as process 1 of containers with --init, the other for published ports.',
    source: 'moby, daemon/config/config_linux.go, LookupInitPath and verifyUserlandProxyConfig',
    remedy:
      'Install both with docker, in /usr/libexec/docker or on the search path; or give dockerd --userland-proxy=false.',
    examine: examineHelpers,
  },
]
