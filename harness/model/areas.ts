/** The areas of the requirements: what stands before the number of an ID, and its title where people read it. */
export const areaTitles: Readonly<Record<string, string>> = {
  FS: 'File system',
  ELF: 'Programs and libraries',
  BIN: 'Required programs',
  INI: 'Init',
  CFG: 'Configuration files',
  POL: 'Signature policy',
  REG: 'Registries',
  STO: 'Storage configuration',
  CON: 'Container runtime',
  NET: 'Firewall and name resolution',
  KRN: 'Kernel beside the image',
  TLS: 'Certificates',
  USR: 'Accounts',
  SEC: 'Permissions and secrets',
  SIZ: 'Size',
  REP: 'Reproducibility',
  DEP: 'What bitbake deployed',
  WAI: 'Waivers',
  BOOT: 'Boot and answers',
  INT: 'Interactive mode',
  INP: 'Input disk',
  STA: 'State disk',
  EXP: 'Storage export',
  LAN: 'Network of the guest',
  SHR: 'Shared folder',
  AUT: 'Registry credentials',
  CRT: 'Certificate authority of the runner',
  DMN: 'Daemon mode',
  VXN: 'Xen',
  INF: 'What podman says of itself',
  PUL: 'Pulls',
  LAY: 'Layers',
  IMG: 'Images',
  RUN: 'Runs',
  CNF: 'Confinement',
  CTR: 'Life of a container',
  POD: 'Pods',
  NTW: 'Networks of containers',
  VFS: 'Store',
  SKO: 'skopeo',
  LGN: 'Logins',
  FLT: 'Faulty registries',
  HOS: 'Hostile images',
  PRF: 'Performance',
}

/** The area of a requirement's ID. */
export const areaOf = (id: string): string => id.split('-')[0] as string

/** Its title, or the area itself where this harness does not know it. */
export const areaTitle = (area: string): string =>
  Object.hasOwn(areaTitles, area) ? (areaTitles[area] as string) : area
