import type { Era } from '../podman-program.ts'
import type { EffectiveValue } from './effective.ts'

/** A value that podman refuses when it starts. */
export interface InvalidValue {
  key: string
  message: string
}

/** Tells what is wrong with a value whose type is right; undefined for nothing. */
type Rule = (value: unknown, era: Era, values: ReadonlyMap<string, EffectiveValue>) => string | undefined

/** One of some words, the empty one included, which stands for the default. */
const oneOf =
  (...words: string[]): Rule =>
  (value) =>
    value === '' || words.includes(String(value))
      ? undefined
      : `is ${JSON.stringify(value)}; podman knows ${words.join(', ')}`

const matching =
  (pattern: RegExp, what: string): Rule =>
  (value) =>
    value === '' || pattern.test(String(value)) ? undefined : `is ${JSON.stringify(value)}, which is not ${what}`

const eachMatching =
  (pattern: RegExp, what: string): Rule =>
  (value) => {
    const wrong = (value as string[]).find((item) => !pattern.test(item))
    return wrong === undefined ? undefined : `holds ${JSON.stringify(wrong)}, which is not ${what}`
  }

const absolutePath = matching(/^\//, 'an absolute path')

/** The buffer of one log line: a smaller file could not hold it (containers/common OCIBufSize). */
const logBufferBytes = 8192

const humanSize = matching(/^[0-9]+(\.[0-9]+)? ?[kKmMgGtTpP]?[iI]?[bB]?$/, 'a size such as 64m')

/** What Validate() and the parsers it calls accept (containers/common pkg/config, config.go, config_local.go, pull_policy.go, db_backend.go). */
const rules: Readonly<Record<string, Rule>> = {
  'containers.cgroups': oneOf('enabled', 'disabled', 'no-conmon', 'split'),
  'containers.default_ulimits': eachMatching(/^[a-z]+=-?\d+(:-?\d+)?$/, 'a limit such as nofile=1024:2048'),
  'containers.devices': eachMatching(/^\/dev\/[^:]*(:\/[^:]*)?(:[rwm]{1,3})?$/, 'a device such as /dev/fuse:rwm'),
  'containers.interface_name': oneOf('device'),
  'containers.log_size_max': (value) =>
    Number(value) >= 0 && Number(value) < logBufferBytes
      ? `is ${value}; it must be negative or at least ${logBufferBytes}`
      : undefined,
  'containers.shm_size': humanSize,
  'containers.tz': matching(/^(local|[A-Za-z][\w+-]*(\/[\w+-]+)*)$/, 'a time zone'),
  'containers.umask': matching(/^[0-7]{1,4}$/, 'an octal umask'),
  'engine.cgroup_manager': oneOf('cgroupfs', 'systemd'),
  'engine.database_backend': (value, era) =>
    (era >= 6 ? oneOf('sqlite') : oneOf('sqlite', 'boltdb'))(value, era, new Map()),
  'engine.events_logger': oneOf('file', 'journald', 'none'),
  'engine.image_copy_tmp_dir': matching(/^(storage$|\/)/, 'an absolute path or "storage"'),
  'engine.image_default_format': oneOf('oci', 'v2s1', 'v2s2', 'docker'),
  'engine.image_volume_mode': oneOf('anonymous', 'bind', 'tmpfs', 'ignore'),
  'engine.lock_type': oneOf('shm', 'file'),
  'engine.pod_exit_policy': oneOf('continue', 'stop'),
  'engine.pull_policy': oneOf('always', 'missing', 'ifnotpresent', 'newer', 'ifnewer', 'never'),
  'engine.static_dir': absolutePath,
  'engine.tmp_dir': absolutePath,
  'engine.volume_path': absolutePath,
  'network.default_subnet': matching(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'an IPv4 network such as 10.88.0.0/16'),
  'network.firewall_driver': oneOf('iptables', 'nftables', 'firewalld', 'none'),
}

/** Lists the values that podman of an era refuses. */
export function invalidValues(values: ReadonlyMap<string, EffectiveValue>, era: Era): InvalidValue[] {
  const broken = [...values].flatMap(([key, { value }]) => {
    const message = Object.hasOwn(rules, key) ? rules[key]?.(value, era, values) : undefined
    return message === undefined ? [] : [{ key, message }]
  })
  return [...broken, ...orphanFlags(values)]
}

/** Flags must be for a runtime that is configured or built in (validateRuntimeNames). */
const builtInRuntimes = ['crun', 'crun-vm', 'crun-wasm', 'runc', 'runj', 'kata', 'runsc', 'youki', 'krun', 'ocijail']

function orphanFlags(values: ReadonlyMap<string, EffectiveValue>): InvalidValue[] {
  const prefix = 'engine.runtimes_flags.'
  const named = [...values.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  const unknown = named.filter((name) => !builtInRuntimes.includes(name) && !values.has(`engine.runtimes.${name}`))
  return unknown.map((name) => ({
    key: `${prefix}${name}`,
    message: 'gives flags to a runtime that is not configured',
  }))
}
