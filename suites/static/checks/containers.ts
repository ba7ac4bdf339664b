import { invalidValues } from '../../../harness/inspect/configuration/podman-values.ts'
import { readableValue } from '../../../harness/inspect/configuration/print.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram, findUnusable, unusableReason } from '../../../harness/inspect/lookup.ts'
import { helperFolders } from '../../../harness/inspect/programs/helper-folders.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const mainPath = '/etc/containers/containers.conf'
const setting = ({ configuration }: InspectedImage, key: string) => configuration.containers.values.get(key)
const textSetting = (image: InspectedImage, key: string): string | undefined => {
  const value = setting(image, key)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}
const listSetting = (image: InspectedImage, key: string): string[] | undefined => {
  const value = setting(image, key)?.value
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}
const originOf = (image: InspectedImage, key: string): string => setting(image, key)?.origin ?? mainPath

/** Network backends by podman's era (podman release notes 4.0 and 5.0: CNI deprecated, then gone; 6.0: netavark only). */
const backends: Record<number, readonly string[]> = { 4: ['netavark', 'cni'], 5: ['netavark', 'cni'], 6: ['netavark'] }

function examineBackend(image: InspectedImage, profile: Profile): Examination {
  const key = 'network.network_backend'
  const era = image.podman?.era ?? 5
  const seen = textSetting(image, key) ?? 'netavark'
  const wanted = (profile.configuration.containers.network as Record<string, unknown> | undefined)?.network_backend
  if (!backends[era]?.includes(seen))
    return examined(
      finding(
        originOf(image, key),
        `network_backend ${readableValue(seen)} is none of ${backends[era]?.join(', ')}, which podman ${era} knows.`,
      ),
    )
  if (wanted === undefined || wanted === seen) return examined()
  return examined(
    finding(originOf(image, key), `network_backend is ${readableValue(seen)}; expected ${readableValue(wanted)}.`),
  )
}

function examineNetavark(image: InspectedImage): Examination {
  if ((textSetting(image, 'network.network_backend') ?? 'netavark') !== 'netavark')
    return skipped('The backend is not netavark.')
  const folders = helperFolders(image)
  if (folders.some((folder) => image.files.isExecutable(`${folder}/netavark`))) return examined()
  const elsewhere = findProgram(image.files, 'netavark', [
    ...image.init.searchPath,
    '/usr/lib/podman',
    '/usr/libexec/podman',
  ])
  const hint = elsewhere ? `; it is at ${elsewhere}, where podman does not look` : ''
  return examined(
    finding(
      originOf(image, 'engine.helper_binaries_dir'),
      `No helper folder (${folders.join(', ')}) has an executable netavark${hint}.`,
    ),
  )
}

/** Podman's own list (containers/common pkg/config/default.go), and the first that exists is taken as it is. */
const conmonPaths = [
  '/usr/libexec/podman/conmon',
  '/usr/local/libexec/podman/conmon',
  '/usr/local/lib/podman/conmon',
  '/usr/bin/conmon',
  '/usr/sbin/conmon',
  '/usr/local/bin/conmon',
  '/usr/local/sbin/conmon',
]

function examineConmon(image: InspectedImage): Examination {
  const { files, init } = image
  const paths = listSetting(image, 'engine.conmon_path') ?? conmonPaths
  const first = paths.find((path) => files.find(path) !== undefined && !files.isFolder(path))
  if (first === undefined) {
    if (findProgram(files, 'conmon', init.searchPath)) return examined()
    return examined(
      finding(
        paths[0] ?? '/usr/bin/conmon',
        `None of ${paths.join(', ')} exists, and conmon is not on the search path.`,
      ),
    )
  }
  return files.isExecutable(first) ? examined() : examined(finding(first, `${unusableReason(files, first)}.`))
}

const runtimeFolders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/sbin', '/bin']
/** Runtimes that podman tries in this order where none is configured (containers/common config.go, findRuntime). */
const runtimeNames = ['crun', 'runc', 'runj', 'kata', 'runsc']

function examineRuntime(image: InspectedImage): Examination {
  const { files, init } = image
  const places = (name: string) => [
    ...(listSetting(image, `engine.runtimes.${name}`) ?? runtimeFolders.map((folder) => `${folder}/${name}`)),
    ...init.searchPath.map((folder) => `${folder}/${name}`),
  ]
  const configured = textSetting(image, 'engine.runtime')
  const origin = originOf(image, 'engine.runtime')
  if (configured?.includes('/'))
    return files.isExecutable(configured)
      ? examined()
      : examined(finding(origin, `The runtime ${configured} is not an executable file.`))
  const names = configured ? [configured] : runtimeNames
  if (names.some((name) => places(name).some((path) => files.isExecutable(path)))) return examined()
  const unusable = names
    .map((name) => findUnusable(files, name, [...init.searchPath, ...runtimeFolders]))
    .find((path) => path)
  const reason = unusable ? `: ${unusableReason(files, unusable)}` : ''
  return examined(finding(unusable ?? origin, `No executable runtime ${names.join(' or ')} is found${reason}.`))
}

/** Values that need a service which this kind of image does not run. */
const systemdValues: readonly [key: string, value: string][] = [
  ['engine.cgroup_manager', 'systemd'],
  ['engine.events_logger', 'journald'],
  ['containers.log_driver', 'journald'],
]

const examineServices = (image: InspectedImage): Examination =>
  examineEach(systemdValues, 'Nothing.', ([key, value]) =>
    textSetting(image, key) === value
      ? finding(originOf(image, key), `${key} is ${value}, which needs systemd; init does not run it.`)
      : undefined,
  )

function examineValues(image: InspectedImage): Examination {
  const values = [...image.configuration.containers.values]
  const invalid = invalidValues(image.configuration.containers.values, image.podman?.era ?? 5)
  const findings = invalid.map(({ key, message }) => finding(originOf(image, key), `${key} ${message}.`))
  return values.length === 0 ? skipped('containers.conf sets nothing.') : { examinedCount: values.length, findings }
}

/** Where podman looks when no profile is configured (containers/common pkg/config/default.go, SeccompOverridePath and -DefaultPath). */
const seccompPaths = ['/etc/containers/seccomp.json', '/usr/share/containers/seccomp.json']

function examineSeccomp(image: InspectedImage): Examination {
  const key = 'containers.seccomp_profile'
  const configured = textSetting(image, key)
  if (configured === 'unconfined') return examined()
  const path = configured ?? seccompPaths.find((candidate) => image.files.findFile(candidate) !== undefined)
  if (path === undefined) return skipped('No seccomp profile is set or shipped; podman uses its own.')
  const text = image.files.text(path)
  if (text === undefined) return examined(finding(originOf(image, key), `seccomp_profile ${path} does not exist.`))
  const problem = seccompProblem(text)
  return problem ? examined(finding(path, problem)) : examined()
}

function seccompProblem(text: string): string | undefined {
  try {
    const profile: unknown = JSON.parse(text)
    const isProfile = typeof profile === 'object' && profile !== null && 'defaultAction' in profile
    return isProfile ? undefined : 'The seccomp profile has no defaultAction.'
  } catch (error) {
    return `The seccomp profile does not parse: ${(error as Error).message}.`
  }
}

const manual = 'containers.conf(5); containers/common pkg/config'

export const containersChecks: readonly StaticCheck[] = [
  {
    id: 'CON-001',
    title: 'The network backend is one that this podman has',
    severity: 'blocker',
    why: 'Podman stops with an error on any other name, and CNI is gone from podman 6.',
    source: `vpdmn-rootfs-image.bb, containers.conf; ${manual}`,
    remedy: 'Set network_backend = "netavark" under [network].',
    examine: examineBackend,
  },
  {
    id: 'CON-002',
    title: 'A helper folder has an executable netavark',
    severity: 'blocker',
    why: 'Podman looks for netavark in the helper folders only, never on PATH; without it no podman command works.',
    source: 'containers.conf(5), helper_binaries_dir; containers/common libnetwork/network',
    remedy: 'Install netavark in a folder of helper_binaries_dir, or name its folder there.',
    examine: examineNetavark,
  },
  {
    id: 'CON-003',
    title: 'The first conmon that podman finds is executable',
    severity: 'blocker',
    why: 'Podman takes the first path of conmon_path that exists, whether it can be run or not.',
    source: 'containers.conf(5), conmon_path; containers/common config.go, findConmonPath',
    remedy: 'Give conmon its execute bits, or correct conmon_path.',
    examine: examineConmon,
  },
  {
    id: 'CON-004',
    title: 'The OCI runtime is found',
    severity: 'blocker',
    why: 'Without crun or the configured runtime no container starts.',
    source: 'containers.conf(5), runtime and runtimes; containers/common config.go, findRuntime',
    remedy: 'Install crun with its execute bits, or correct runtime under [engine].',
    examine: examineRuntime,
  },
  {
    id: 'CON-005',
    title: 'No setting needs systemd or its journal',
    severity: 'error',
    why: 'This init runs neither: containers would fail to start, or their logs and events be lost.',
    source: 'containers.conf(5), cgroup_manager, events_logger, log_driver',
    remedy: 'Use cgroupfs, file and k8s-file, or leave the key out.',
    examine: examineServices,
  },
  {
    id: 'CON-006',
    title: 'Values of containers.conf are ones that podman accepts',
    severity: 'error',
    why: 'Podman validates these values at its start and stops at the first that is wrong.',
    source: 'containers/common pkg/config/config.go and config_local.go, Validate',
    remedy: 'Correct the value as containers.conf(5) describes it.',
    examine: examineValues,
  },
  {
    id: 'CON-007',
    title: 'The seccomp profile exists and parses',
    severity: 'error',
    why: 'Each container start reads it; a missing or broken profile makes each of them fail.',
    source: 'containers.conf(5), seccomp_profile; containers/common pkg/seccomp',
    remedy: 'Ship the profile of containers-common, or leave seccomp_profile out.',
    examine: examineSeccomp,
  },
]
