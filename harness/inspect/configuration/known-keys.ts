/** Types a key may have; `strings` may end in a table `{append=true}` since podman 5 (containers.conf(5), "append"). */
export type KeyType = 'string' | 'boolean' | 'integer' | 'strings' | 'table' | 'tables'

/** Keys by dotted table name. A table not named here is unknown, and `*` stands for free key names. */
export type KnownKeys = Readonly<Record<string, Readonly<Record<string, KeyType>>>>

const keysOf = (types: Partial<Record<KeyType, string>>): Record<string, KeyType> =>
  Object.fromEntries(
    Object.entries(types).flatMap(([type, names]) => names.split(/\s+/).map((name) => [name, type as KeyType])),
  )

/**
 * containers.conf: the union over podman 4 to 6, since an unknown key is what matters here (Go structs `Config` and below of
 * containers/common 0.50 to 0.64 and of container-libs common, pkg/config/config.go).
 */
export const containersKeys: KnownKeys = {
  '': keysOf({ table: 'containers engine network machine secrets configmaps farms podmansh' }),
  containers: keysOf({
    strings:
      'annotations cgroup_conf default_capabilities default_sysctls default_ulimits devices dns_options dns_searches dns_servers env mounts volumes',
    string:
      'apparmor_profile base_hosts_file cgroupns cgroups host_containers_internal_ip init_path interface_name ipcns log_driver log_path log_tag netns pidns seccomp_profile shm_size tz umask userns utsns default_mounts_file',
    boolean:
      'container_name_as_hostname env_host http_proxy init keyring label label_users no_hosts prepare_volume_on_create privileged read_only',
    integer: 'log_size_max oom_score_adj pids_limit userns_size',
  }),
  engine: keysOf({
    strings:
      'add_compression cdi_spec_dirs compose_providers conmon_env_vars conmon_path conmonrs_path env helper_binaries_dir hooks_dir network_cmd_options runtime_path runtime_supports_json runtime_supports_kvm runtime_supports_nocgroup runtime_supports_nocgroups runtime_supports_nocgroupv2',
    string:
      'active_service cgroup_manager compression_format database_backend detach_keys events_logfile_path events_logfile_max_size events_logger image_build_format image_copy_tmp_dir image_default_format image_default_transport image_volume_mode infra_command infra_image init_path kube_generate_type lock_type namespace network_cmd_path platform pod_exit_policy pull_policy remote_identity remote_uri retry_delay runtime ssh_config static_dir tmp_dir volume_path',
    boolean:
      'cgroup_check chown_copied_files compat_api_enforce_docker_hub compose_warning_logs enable_port_reservation events_container_create_inspect_data healthcheck_events multi_image_archive no_pivot_root remote',
    integer:
      'compression_level exit_command_delay image_parallel_copies num_locks podmansh_timeout retry service_timeout stop_timeout volume_plugin_timeout',
    table: 'platform_to_oci_runtime runtimes runtimes_flags service_destinations volume_plugins',
  }),
  'engine.platform_to_oci_runtime': { '*': 'string' },
  'engine.runtimes': { '*': 'strings' },
  'engine.runtimes_flags': { '*': 'strings' },
  'engine.service_destinations': { '*': 'table' },
  'engine.service_destinations.*': keysOf({ string: 'uri identity tls_cert tls_key tls_ca', boolean: 'is_machine' }),
  'engine.volume_plugins': { '*': 'string' },
  network: keysOf({
    strings: 'cni_plugin_dirs netavark_plugin_dirs pasta_options default_host_ips',
    string:
      'default_network default_rootless_network_cmd default_subnet firewall_driver network_backend network_config_dir',
    integer: 'dns_bind_port',
    tables: 'default_subnet_pools',
  }),
  machine: keysOf({
    integer: 'cpus disk_size memory',
    string: 'image provider user',
    strings: 'volumes',
    boolean: 'rosetta',
  }),
  secrets: keysOf({ string: 'driver', table: 'opts' }),
  'secrets.opts': { '*': 'string' },
  configmaps: keysOf({ string: 'driver', table: 'opts' }),
  'configmaps.opts': { '*': 'string' },
  farms: keysOf({ string: 'default', table: 'list' }),
  'farms.list': { '*': 'strings' },
  podmansh: keysOf({ string: 'container shell', integer: 'timeout' }),
}

const driverMountKeys =
  'ignore_chown_errors force_mask inodes mount_program mountopt size skip_mount_home use_composefs'

/** storage.conf (containers-storage.conf(5); Go structs TomlConfig, types/options.go, and OptionsConfig, pkg/config/config.go). */
export const storageKeys: KnownKeys = {
  '': { storage: 'table' },
  storage: keysOf({
    string: 'driver runroot graphroot imagestore rootless_storage_path',
    strings: 'driver_priority',
    boolean: 'transient_store',
    table: 'options',
  }),
  'storage.options': keysOf({
    strings: 'additionalimagestores additionallayerstores',
    string: `${driverMountKeys} remap-uids remap-gids remap-user remap-group root-auto-userns-user ostree_repo`,
    integer: 'auto-userns-min-size auto-userns-max-size',
    boolean: 'disable-volatile',
    table: 'pull_options aufs btrfs thinpool overlay vfs zfs',
  }),
  'storage.options.pull_options': { '*': 'string' },
  'storage.options.aufs': keysOf({ string: 'mountopt' }),
  'storage.options.btrfs': keysOf({ string: 'min_space size' }),
  'storage.options.overlay': keysOf({ string: `${driverMountKeys} sync` }),
  'storage.options.thinpool': { '*': 'string' },
  'storage.options.vfs': keysOf({ string: 'ignore_chown_errors' }),
  'storage.options.zfs': keysOf({ string: 'fsname mountopt name size' }),
}

/** registries.conf, version 2 (containers-registries.conf(5); Go struct V2RegistriesConf, pkg/sysregistriesv2). */
export const registriesKeys: KnownKeys = {
  '': keysOf({
    strings: 'unqualified-search-registries credential-helpers additional-layer-store-auth-helper',
    string: 'short-name-mode',
    tables: 'registry',
    table: 'aliases',
  }),
  aliases: { '*': 'string' },
  registry: keysOf({
    string: 'prefix location pull-from-mirror',
    boolean: 'blocked insecure mirror-by-digest-only',
    tables: 'mirror',
  }),
  'registry.mirror': keysOf({ string: 'location pull-from-mirror', boolean: 'insecure' }),
}
