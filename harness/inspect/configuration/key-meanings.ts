/** What the value of a key of podman's configuration stands for, and so where it can be wrong. */
export type Meaning =
  /** Nothing outside the file: a switch, a number or free text. */
  | 'plain'
  /** A word or form out of a closed set (podman-values.ts, checks of registries and storage). */
  | 'value'
  /** A path or network that podman makes where it is missing. */
  | 'made'
  /** Folders of which any may be missing (podman pull request 3806 for hooks). */
  | 'searched'
  /** A file that is opened. */
  | 'file'
  /** A program that is run. */
  | 'program'
  /** A program that the driver overlay runs for each mount. */
  | 'mounter'
  /** Folders or files of the host that containers get, by `source=` or before a colon. */
  | 'mounts'
  | 'volumes'
  /** Folders of images, each of which must be there. */
  | 'stores'
  /** A time zone by the name of its file. */
  | 'zone'
  /** A way to make user name spaces, some of which need a range of subordinate ids. */
  | 'users'
  /** How containers are connected: a word, or the name of a network that is configured. */
  | 'network'
  /** An account by whose subordinate ids containers are mapped. */
  | 'account'
  /** Helpers for credentials: programs called docker-credential-NAME. */
  | 'credentials'
  /** Limits of processes, within those of the kernel. */
  | 'limits'
  /** Known only in the guest: devices that its kernel has, AppArmor profiles that are loaded. */
  | 'guest'
  /** Used by commands and drivers that this kind of image does not use: remote connections, machines, farms, overlay. */
  | 'unused'
  /** Resolved by a requirement of its own. */
  | 'elsewhere'

type Classified = Partial<Record<Meaning, string>>

/** Dotted table names with their keys by meaning (containers.conf(5), containers-storage.conf(5), containers-registries.conf(5)). */
const tables: Readonly<Record<string, Classified>> = {
  containers: {
    plain:
      'annotations cgroup_conf dns_options dns_searches env env_host http_proxy init keyring label label_users log_tag no_hosts prepare_volume_on_create privileged read_only container_name_as_hostname pids_limit userns_size',
    value:
      'cgroupns cgroups default_capabilities default_sysctls dns_servers host_containers_internal_ip interface_name ipcns log_driver log_path log_size_max oom_score_adj pidns shm_size umask utsns',
    file: 'base_hosts_file default_mounts_file',
    program: 'init_path',
    mounts: 'mounts',
    volumes: 'volumes',
    zone: 'tz',
    users: 'userns',
    network: 'netns',
    limits: 'default_ulimits',
    guest: 'apparmor_profile devices',
    elsewhere: 'seccomp_profile',
  },
  engine: {
    plain:
      'chown_copied_files cgroup_check compat_api_enforce_docker_hub compose_warning_logs compression_level conmon_env_vars enable_port_reservation env events_container_create_inspect_data exit_command_delay healthcheck_events image_parallel_copies infra_command infra_image multi_image_archive namespace network_cmd_options no_pivot_root platform platform_to_oci_runtime retry runtime_supports_json runtime_supports_kvm runtime_supports_nocgroup runtime_supports_nocgroups runtime_supports_nocgroupv2 runtimes_flags service_timeout stop_timeout volume_plugin_timeout',
    value:
      'add_compression cgroup_manager compression_format database_backend detach_keys events_logfile_max_size events_logger image_build_format image_copy_tmp_dir image_default_format image_default_transport image_volume_mode kube_generate_type lock_type num_locks pod_exit_policy pull_policy remote retry_delay',
    made: 'events_logfile_path static_dir tmp_dir volume_path',
    searched: 'cdi_spec_dirs helper_binaries_dir hooks_dir',
    program: 'init_path',
    unused:
      'active_service compose_providers conmonrs_path network_cmd_path podmansh_timeout remote_identity remote_uri service_destinations ssh_config volume_plugins',
    elsewhere: 'conmon_path runtime runtime_path runtimes',
  },
  network: {
    plain: 'pasta_options',
    value: 'default_host_ips default_rootless_network_cmd default_subnet dns_bind_port firewall_driver',
    made: 'default_network network_config_dir',
    searched: 'cni_plugin_dirs netavark_plugin_dirs',
    guest: 'default_subnet_pools',
    elsewhere: 'network_backend',
  },
  secrets: { value: 'driver', plain: 'opts' },
  configmaps: { unused: 'driver opts' },
  machine: { unused: 'cpus disk_size memory image provider user volumes rosetta' },
  farms: { unused: 'default list' },
  podmansh: { unused: 'container shell timeout' },
  storage: {
    elsewhere: 'driver graphroot runroot imagestore',
    plain: 'transient_store',
    unused: 'driver_priority rootless_storage_path',
  },
  'storage.options': {
    stores: 'additionalimagestores',
    account: 'remap-user remap-group root-auto-userns-user',
    plain:
      'auto-userns-min-size auto-userns-max-size disable-volatile ignore_chown_errors pull_options remap-uids remap-gids',
    elsewhere: 'additionallayerstores force_mask inodes mount_program mountopt size skip_mount_home use_composefs',
    unused: 'ostree_repo aufs btrfs thinpool overlay vfs zfs',
  },
  'storage.options.overlay': { mounter: 'mount_program' },
  registries: {
    elsewhere: 'unqualified-search-registries short-name-mode registry aliases',
    credentials: 'credential-helpers',
    unused: 'additional-layer-store-auth-helper',
  },
}

/** The meaning of every key by its dotted name; those of registries.conf, which stand in no table, begin with `registries.`. */
export const keyMeanings: ReadonlyMap<string, Meaning> = new Map(
  Object.entries(tables).flatMap(([table, classified]) =>
    Object.entries(classified).flatMap(([meaning, names]) =>
      names.split(/\s+/).map((name) => [`${table}.${name}`, meaning as Meaning] as const),
    ),
  ),
)
