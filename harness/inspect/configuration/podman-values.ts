import type { Era } from '../programs/podman-program.ts'
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

const eachOf =
  (words: ReadonlySet<string>, what: string): Rule =>
  (value) => {
    const wrong = (value as string[]).find((item) => !words.has(item.toUpperCase().replace(/^CAP_/, '')))
    return wrong === undefined ? undefined : `holds ${JSON.stringify(wrong)}, which is not ${what}`
  }

const between =
  (least: number, most: number): Rule =>
  (value) =>
    Number(value) >= least && Number(value) <= most ? undefined : `is ${value}; it must be from ${least} to ${most}`

const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]+)$/

const byte = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ipv4Network = new RegExp(`^${byte}(\\.${byte}){3}/(3[0-2]|[12]?\\d)$`)

/** Ways to share a name space with the host or another container (podman-run(1), --pid, --uts, --ipc). */
const nameSpace = (...words: string[]): Rule =>
  matching(new RegExp(`^(${words.join('|')}|(ns|container):.+)$`), `one of ${words.join(', ')}, ns:PATH, container:ID`)

/** capabilities(7), up to Linux 5.9, which added the last. */
const capabilities = new Set(
  'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM'.split(
    ' ',
  ),
)

/** Settings of the kernel that a container has of its own; podman refuses all others (podman-run(1), --sysctl). */
const ownSysctl =
  /^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced|domainname|hostname)|net\.[^=]+|fs\.mqueue\.[^=]+)=/

/** Log drivers by era (containers.conf(5), log_driver; podman-run(1) of 4.3 and 5.0, which added passthrough-tty). */
const logDriver: Rule = (value, era, values) => {
  const since5 = era >= 5 ? ['passthrough-tty'] : []
  return oneOf('k8s-file', 'json-file', 'journald', 'none', 'passthrough', ...since5)(value, era, values)
}

/** Since 5.0 no store of BoltDB can be made anew, and 6.0 has none (podman, RELEASE_NOTES.md, 5.0.0 and 5.8.0). */
const database: Rule = (value, era, values) =>
  (era >= 5 ? oneOf('sqlite') : oneOf('sqlite', 'boltdb'))(value, era, values)

const transports = 'docker|docker-archive|docker-daemon|dir|oci|oci-archive|containers-storage'

const absolutePath = matching(/^\//, 'an absolute path')

/** The buffer of one log line: a smaller file could not hold it (containers/common OCIBufSize). */
const logBufferBytes = 8192

const humanSize = matching(/^[0-9]+(\.[0-9]+)? ?[kKmMgGtTpP]?[iI]?[bB]?$/, 'a size such as 64m')

/**
 * What podman accepts, by containers.conf(5) and the pages of podman that it leads to; what it refuses at its start stands in
 * containers/common pkg/config (config.go, config_local.go, pull_policy.go, db_backend.go), the rest when a container is made.
 */
const rules: Readonly<Record<string, Rule>> = {
  'containers.cgroupns': nameSpace('private', 'host'),
  'containers.cgroups': oneOf('enabled', 'disabled', 'no-conmon', 'split'),
  'containers.default_capabilities': eachOf(capabilities, 'a capability'),
  'containers.default_sysctls': eachMatching(ownSysctl, 'a setting that a container may have of its own'),
  'containers.default_ulimits': eachMatching(
    /^(core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack)=-?\d+(:-?\d+)?$/,
    'a limit such as nofile=1024:2048',
  ),
  'containers.devices': eachMatching(/^\/dev\/[^:]*(:\/[^:]*)?(:[rwm]{1,3})?$/, 'a device such as /dev/fuse:rwm'),
  'containers.dns_servers': eachMatching(new RegExp(`${address.source}|^none$`), 'an address or none'),
  'containers.host_containers_internal_ip': matching(new RegExp(`${address.source}|^none$`), 'an address or none'),
  'containers.interface_name': oneOf('device'),
  'containers.ipcns': nameSpace('shareable', 'none', 'private', 'host', 'pod'),
  'containers.log_driver': logDriver,
  'containers.log_path': matching(/^\//, 'an absolute path'),
  'containers.log_size_max': (value) =>
    Number(value) >= 0 && Number(value) < logBufferBytes
      ? `is ${value}; it must be negative or at least ${logBufferBytes}`
      : undefined,
  'containers.oom_score_adj': between(-1000, 1000),
  'containers.pidns': nameSpace('private', 'host', 'pod'),
  'containers.shm_size': humanSize,
  'containers.tz': matching(/^(local|[A-Za-z][\w+-]*(\/[\w+-]+)*)$/, 'a time zone'),
  'containers.umask': matching(/^[0-7]{1,4}$/, 'an octal umask'),
  'containers.utsns': nameSpace('private', 'host', 'pod'),
  'engine.add_compression': eachMatching(/^(gzip|zstd|zstd:chunked)$/, 'one of gzip, zstd, zstd:chunked'),
  'engine.cgroup_manager': oneOf('cgroupfs', 'systemd'),
  'engine.compression_format': oneOf('gzip', 'zstd', 'zstd:chunked'),
  'engine.database_backend': database,
  'engine.detach_keys': matching(
    /^([a-zA-Z]|ctrl-[a-z@^[\\\]_])(,([a-zA-Z]|ctrl-[a-z@^[\\\]_]))*$/,
    'a sequence such as ctrl-p,ctrl-q',
  ),
  'engine.events_logfile_max_size': humanSize,
  'engine.events_logger': oneOf('file', 'journald', 'none'),
  'engine.image_copy_tmp_dir': matching(/^(storage$|\/)/, 'an absolute path or "storage"'),
  'engine.image_default_format': oneOf('oci', 'v2s1', 'v2s2', 'docker'),
  'engine.image_default_transport': matching(new RegExp(`^(${transports}):(//)?$`), 'a transport such as docker://'),
  'engine.image_volume_mode': oneOf('anonymous', 'bind', 'tmpfs', 'ignore'),
  'engine.kube_generate_type': oneOf('pod', 'deployment'),
  'engine.lock_type': oneOf('shm', 'file'),
  // podman, libpod/lock/shm/shm_lock.go: each container, pod and volume takes one, and none can be made of 0.
  'engine.num_locks': between(1, 2 ** 32 - 1),
  'engine.pod_exit_policy': oneOf('continue', 'stop'),
  'engine.pull_policy': oneOf('always', 'missing', 'ifnotpresent', 'newer', 'ifnewer', 'never'),
  'engine.remote': (value) =>
    value === true ? 'is true: podman then asks a service, which init does not start' : undefined,
  'engine.retry_delay': matching(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/, 'a time such as 2s'),
  'engine.static_dir': absolutePath,
  'engine.tmp_dir': absolutePath,
  'engine.volume_path': absolutePath,
  'network.default_host_ips': eachMatching(address, 'an address'),
  'network.default_rootless_network_cmd': oneOf('pasta', 'slirp4netns'),
  'network.default_subnet': matching(ipv4Network, 'an IPv4 network such as 10.88.0.0/16'),
  'network.dns_bind_port': between(0, 65_535),
  'network.firewall_driver': oneOf('iptables', 'nftables', 'firewalld', 'none'),
  'secrets.driver': oneOf('file', 'pass', 'shell'),
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
