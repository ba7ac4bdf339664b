import { BlockList, isIP } from 'node:net'
import { guestNetwork } from '../../contract/runner.ts'
import type { InspectedImage } from '../inspect-image.ts'
import { type FileFault, type FurtherFiles, filesIn, ignored, isObject, readObject, refused } from './further-file.ts'

const usualPlace = '/etc/containers/networks'
const nameRule = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

/**
 * Networks of netavark. Podman leaves out those that it cannot read, with a warning at each command (containers/common
 * libnetwork/netavark/network.go, loadNetworks).
 */
export const containerNetworks: FurtherFiles = {
  find: (image) => {
    const values = image.configuration.containers.values
    if (values.get('network.network_backend')?.value === 'cni') return []
    const configured = values.get('network.network_config_dir')?.value
    return filesIn(image, [typeof configured === 'string' && configured !== '' ? configured : usualPlace], '.json')
  },
  judge: (image, paths) =>
    paths.flatMap((path): FileFault[] => {
      const read = readObject(image, path)
      if ('error' in read) return [ignored(path, `It does not parse: ${read.error}`)]
      const problem = networkProblem(read.value, path.slice(path.lastIndexOf('/') + 1)) ?? subnetProblem(read.value)
      if (problem !== undefined) return [ignored(path, problem)]
      // Podman takes the file, and netavark refuses each container of the network.
      const unusable = driverProblem(image, read.value)
      if (unusable === undefined) return []
      return [isDefault(image, read.value) ? refused(path, unusable) : ignored(path, unusable)]
    }),
}

function networkProblem({ name, id }: Record<string, unknown>, fileName: string): string | undefined {
  if (typeof name !== 'string' || !nameRule.test(name))
    return `Its name ${JSON.stringify(name)} is not a valid network name`
  if (`${name}.json` !== fileName) return `Its name ${name} is not that of the file`
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) ? undefined : 'Its id is not of 64 hexadecimal digits'
}

/** Whether containers are connected to a network that no command names. */
function isDefault({ configuration }: InspectedImage, { name }: Record<string, unknown>): boolean {
  const { values } = configuration.containers
  return (
    name === (values.get('network.default_network')?.value || 'podman') ||
    name === values.get('containers.netns')?.value
  )
}

const builtInDrivers = ['bridge', 'macvlan', 'ipvlan']

/** Drivers of netavark are built in or plug-ins of their name (podman-network-create(1), --driver). */
function driverProblem({ files, configuration }: InspectedImage, network: Record<string, unknown>): string | undefined {
  const { driver = 'bridge', network_interface: device } = network
  if (typeof driver !== 'string') return `Its driver ${JSON.stringify(driver)} is no name`
  if (!builtInDrivers.includes(driver)) {
    const folders = [configuration.containers.values.get('network.netavark_plugin_dirs')?.value ?? pluginFolders].flat()
    return folders.some((folder) => files.isExecutable(`${folder}/${driver}`))
      ? undefined
      : `Its driver ${JSON.stringify(driver)} is none of ${builtInDrivers.join(', ')}, and no plug-in`
  }
  if (driver === 'bridge' || typeof device !== 'string' || device === '') return undefined
  const { devices } = guestNetwork
  return (devices as readonly string[]).includes(device)
    ? undefined
    : `It takes the device ${device}, and a guest has one of ${devices.join(', ')}`
}

/** containers/common pkg/config/default_linux.go, netavarkPluginDirs. */
const pluginFolders = [
  '/usr/local/libexec/netavark',
  '/usr/libexec/netavark',
  '/usr/local/lib/netavark',
  '/usr/lib/netavark',
]

/** What podman looks for in the subnets of a file when it reads it (libnetwork/internal/util/validate.go, ValidateSubnet). */
function subnetProblem({ subnets }: Record<string, unknown>): string | undefined {
  const listed: unknown[] = Array.isArray(subnets) ? subnets : []
  return listed
    .map((each) =>
      isObject(each) ? gatewayProblem(each) : `Its subnets hold ${JSON.stringify(each)}, which is no object`,
    )
    .find((problem) => problem)
}

function gatewayProblem({ subnet, gateway }: Record<string, unknown>): string | undefined {
  const [address = '', length = ''] = typeof subnet === 'string' ? subnet.split('/') : []
  const version = isIP(address)
  if (version === 0 || !/^\d+$/.test(length) || Number(length) > (version === 4 ? 32 : 128))
    return `Its subnet ${JSON.stringify(subnet)} is no network`
  if (typeof gateway !== 'string' || gateway === '') return undefined
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const network = new BlockList()
  network.addSubnet(address, Number(length), family)
  return isIP(gateway) === version && network.check(gateway, family)
    ? undefined
    : `Its gateway ${JSON.stringify(gateway)} is not in its subnet ${subnet}`
}
