import { usesProxy } from '../docker/userland-proxy.ts'
import { builtDrivers, chosenDriver, helperPath, missingPrograms, networkBackend } from '../firewall-drivers.ts'
import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import { dockerBridgeFilterNeeds, dockerNetworkNeeds } from './needs/docker-needs.ts'
import { iptablesLegacyNeeds, iptablesNeeds, iptablesNftNeeds, nftablesNeeds } from './needs/network-needs.ts'
import type { KernelNeed } from './shipped-kernel.ts'

/** What each way of writing rules needs that the image may go; empty where it writes none. */
export function firewallNeeds(image: InspectedImage): (readonly KernelNeed[])[] {
  return firewallDrivers(image).flatMap((driver) =>
    driver === 'nftables' ? [nftablesNeeds] : driver === 'iptables' ? [iptablesOf(image)] : [],
  )
}

/** The driver that is chosen, or those that can be the default of this netavark. */
function firewallDrivers(image: InspectedImage): string[] {
  if (networkBackend(image) === 'cni') return ['iptables']
  const chosen = chosenDriver(image)?.driver
  if (chosen !== undefined) return [chosen]
  const netavark = helperPath(image, 'netavark')
  const built = netavark === undefined ? [] : builtDrivers(image, netavark)
  return built.filter((driver) => missingPrograms(image, driver).length === 0)
}

const iptablesOf = (image: InspectedImage): readonly KernelNeed[] => [...iptablesNeeds, ...tableNeeds(image)]

/** Where the image's iptables keeps its rules. Both kinds are one program with many names, which tells its kind. */
function tableNeeds({ files, init }: InspectedImage): readonly KernelNeed[] {
  const path = findProgram(files, 'iptables', init.searchPath)
  const program = path === undefined ? '' : files.resolve(path).path
  if (/nft/.test(program)) return iptablesNftNeeds
  return /legacy/.test(program) ? iptablesLegacyNeeds : []
}

/** What dockerd's bridge networks need: rules by iptables, and with its proxies off what passes a bridge in them. */
export const dockerFirewallNeeds = (image: InspectedImage): readonly KernelNeed[] => [
  ...dockerNetworkNeeds,
  ...tableNeeds(image),
  ...(usesProxy(image) ? [] : dockerBridgeFilterNeeds),
]
