import { own } from '../model/own.ts'
import type { InspectedImage } from './inspect-image.ts'
import { findProgram } from './lookup.ts'
import { helperFolders } from './programs/helper-folders.ts'

const maxNetavarkBytes = 64 * 1024 * 1024

/** Where podman finds one of its helpers; undefined where it does not. */
export function helperPath(image: InspectedImage, name: string): string | undefined {
  const path = helperFolders(image)
    .map((folder) => `${folder}/${name}`)
    .find((candidate) => image.files.isExecutable(candidate))
  return path && image.files.resolve(path).path
}

/** Programs that each firewall driver runs; the iptables driver needs both families (netavark src/firewall/iptables.rs, nft.rs). */
const driverPrograms: Record<string, readonly string[]> = {
  iptables: ['iptables', 'ip6tables'],
  nftables: ['nft'],
  // A service, which netavark asks over the bus of the system (src/firewall/firewalld.rs).
  firewalld: ['firewalld'],
  none: [],
}

/** A log line that netavark has for each driver it was built with (src/firewall/mod.rs). */
const driverMarks: readonly [driver: string, mark: string][] = [
  ['iptables', 'Using iptables firewall driver'],
  ['nftables', 'Using nftables firewall driver'],
]

/** The firewall drivers that a netavark was built with. */
export function builtDrivers(image: InspectedImage, path: string): string[] {
  const entry = image.files.findFile(path)
  if (entry === undefined || entry.inode.sizeBytes > maxNetavarkBytes) return []
  const content = image.files.read(entry, 0, maxNetavarkBytes)
  return driverMarks.filter(([, mark]) => content.includes(mark, 0, 'latin1')).map(([driver]) => driver)
}

/** The driver that init or containers.conf chooses, and where. */
export function chosenDriver({ init, configuration }: InspectedImage): { driver: string; origin: string } | undefined {
  const variable = init.environment.get('NETAVARK_FW')
  if (variable) return { driver: variable.value, origin: variable.path }
  const found = configuration.containers.values.get('network.firewall_driver')
  return typeof found?.value === 'string' && found.value !== ''
    ? { driver: found.value, origin: found.origin }
    : undefined
}

/** The network backend that containers.conf chooses; podman's own choice without it is netavark. */
export const networkBackend = ({ configuration }: InspectedImage): unknown =>
  configuration.containers.values.get('network.network_backend')?.value || 'netavark'

/** The programs of a driver that init's search path does not lead to. */
export const missingPrograms = ({ files, init }: InspectedImage, driver: string): string[] =>
  (own(driverPrograms, driver) ?? []).filter((name) => !findProgram(files, name, init.searchPath))
