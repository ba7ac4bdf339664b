/**
 * The keys of daemon.json that dockerd knows: those of its options, and those that it passes over for old files' sake (moby,
 * daemon/config/config.go, config_linux.go and findConfigurationConflicts; daemon/command/config_unix.go).
 */
export const daemonKeys: ReadonlySet<string> = new Set([
  ...['allow-direct-routing', 'allow-nondistributable-artifacts', 'api-cors-header', 'authorization-plugins', 'bip'],
  ...['bip6', 'bridge', 'bridge-accept-fwmark', 'builder', 'cdi-spec-dirs', 'cgroup-parent', 'containerd'],
  ...['containerd-namespace', 'containerd-plugins-namespace', 'cpu-rt-period', 'cpu-rt-runtime', 'cri-containerd'],
  ...['data-root', 'debug', 'default-address-pools', 'default-cgroupns-mode', 'default-gateway', 'default-gateway-v6'],
  ...['default-init', 'default-ipc-mode', 'default-network-opts', 'default-runtime', 'default-shm-size'],
  ...['default-ulimits', 'deprecated-key-path', 'dns', 'dns-opts', 'dns-search', 'exec-opts', 'exec-root'],
  ...['experimental', 'features', 'firewall-backend', 'fixed-cidr', 'fixed-cidr-v6', 'group', 'host-gateway-ip'],
  ...[
    'host-gateway-ips',
    'hosts',
    'http-proxy',
    'https-proxy',
    'icc',
    'init',
    'init-path',
    'insecure-registries',
    'ip',
  ],
  ...['ip-forward', 'ip-forward-no-drop', 'ip-masq', 'ip6tables', 'iptables', 'ipv6', 'labels', 'live-restore'],
  ...['log-driver', 'log-format', 'log-level', 'log-opts', 'max-concurrent-downloads', 'max-concurrent-uploads'],
  ...['max-download-attempts', 'metrics-addr', 'mtu', 'network-control-plane-mtu', 'network-diagnostic-port'],
  ...['no-new-privileges', 'no-proxy', 'node-generic-resources', 'oom-score-adjust', 'pidfile', 'raw-logs'],
  ...['registry-mirrors', 'resolv-conf', 'rootless', 'runtimes', 'seccomp-profile', 'selinux-enabled'],
  ...['shutdown-timeout', 'storage-driver', 'storage-opts', 'swarm-default-advertise-addr', 'tls', 'tlscacert'],
  ...['tlscert', 'tlskey', 'tlsverify', 'userland-proxy', 'userland-proxy-path', 'userns-remap', 'validate'],
])

/** Keys whose object is a value; the keys of any other object count as if they stood at the top (moby, `flatOptions`). */
const keysWithObjects: ReadonlySet<string> = new Set([
  ...['builder', 'default-network-opts', 'default-ulimits', 'features', 'log-opts', 'runtimes'],
])

/** The keys that a daemon.json sets, as dockerd counts them. */
export const keysSet = (table: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !keysWithObjects.has(key)
      ? Object.keys(value)
      : [key],
  )
