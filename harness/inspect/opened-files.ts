/** Files that podman and its helpers read, and who judges them here. */
interface OpenedFiles {
  /** Paths; `**` is anything below. */
  paths: RegExp
  /** Requirements that fail for a bad file of these. */
  judgedBy?: readonly string[]
  /** Why none looks at them. */
  reason?: string
}

/**
 * What is done about each file that podman, skopeo, crun, netavark and aardvark-dns open (fixtures/static/opened-files.ts has
 * what they were seen to open).
 */
export const openedFiles: readonly OpenedFiles[] = [
  {
    paths: /^\/(etc|usr\/share|root\/\.config)\/containers\/containers\.conf(\.d)?$/,
    judgedBy: ['CFG-002', 'CON-006', 'CON-008'],
  },
  {
    paths: /^\/(etc|usr\/share|root\/\.config)\/containers\/storage(\.rootful)?\.conf(\.d)?$/,
    judgedBy: ['CFG-002', 'STO-001', 'STO-005'],
  },
  {
    paths: /^\/(etc|root\/\.config)\/containers\/registries\.conf(\.d)?$/,
    judgedBy: ['CFG-002', 'REG-001', 'REG-005'],
  },
  { paths: /^\/(etc|root\/\.config)\/containers\/policy\.json$/, judgedBy: ['POL-001', 'POL-002', 'POL-003'] },
  { paths: /^\/(etc|root\/\.config)\/containers\/registries\.d$/, judgedBy: ['CFG-006'] },
  { paths: /^\/(etc|root\/\.config)\/(containers|docker)\/certs\.d\/HOST$/, judgedBy: ['CFG-006', 'CFG-007'] },
  { paths: /^\/(etc|usr\/share)\/containers\/mounts\.conf$/, judgedBy: ['CFG-007'] },
  { paths: /^\/(etc|usr\/share)\/containers\/oci\/hooks\.d$/, judgedBy: ['CFG-006'] },
  { paths: /^\/(etc|usr\/share)\/containers\/seccomp\.json$/, judgedBy: ['CON-007'] },
  { paths: /^\/etc\/containers\/networks$/, judgedBy: ['CFG-007'] },
  { paths: /^\/etc\/containers\/podman_preexec_hooks\.txt$/, judgedBy: ['CFG-006'] },
  {
    paths: /^\/etc\/cni\/net\.d(\/cni\.lock)?$/,
    reason: 'podman writes its own network there; its plugins are NET-004’s',
  },
  { paths: /^\/etc\/sub[ug]id$/, judgedBy: ['CFG-007', 'CON-008', 'STO-006'] },
  { paths: /^\/etc\/hosts$/, judgedBy: ['FS-010'] },
  { paths: /^\/etc\/nsswitch\.conf$/, judgedBy: ['INI-007'] },
  { paths: /^\/etc\/resolv\.conf$/, judgedBy: ['INI-012'] },
  { paths: /^\/etc\/(localtime|zoneinfo\/ZONE)$|\/zoneinfo\/ZONE$/, judgedBy: ['CON-008'] },
  { paths: /^\/root\/\.(docker|dockercfg)|^\/root\/\.config\/containers\/auth\.json$/, judgedBy: ['CFG-006'] },
  {
    paths: /^\/run\/containers\/0\/auth\.json$/,
    reason: '/run is empty when init begins; CRE requirements look in a guest',
  },
  {
    paths: /^\/root\/\.config\/containers\/podman-connections\.json$/,
    reason: 'it names machines for a remote podman, which CON-006 refuses',
  },
  {
    paths: /^\/etc\/containers\/podman-machine$/,
    reason: 'it tells that the host is a machine of podman’s, and holds nothing',
  },
  {
    paths: /^\/etc\/(selinux\/config|system-fips)$/,
    reason: 'they choose a mode of the kernel, which this image does not have',
  },
  { paths: /^\/etc\/os-release$/, reason: 'podman only shows it' },
  {
    paths: /^\/(etc|usr\/share)\/iproute2\/|^\/etc\/(connlabel\.conf|protocols|mdns\.allow)$/,
    reason: 'names for numbers that no rule of netavark’s uses; without them the numbers are shown',
  },
]
