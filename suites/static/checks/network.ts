import {
  builtDrivers,
  chosenDriver,
  helperPath,
  missingPrograms,
  networkBackend,
} from '../../../harness/inspect/firewall-drivers.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

/** The plugins portmap and firewall run it for each container with a network (containernetworking/plugins). */
function examineIptables({ files, init }: InspectedImage): Examination {
  if (findProgram(files, 'iptables', init.searchPath)) return examined()
  return examined(finding('/usr/sbin/iptables', `CNI needs iptables, not found on ${init.searchPath.join(':')}.`))
}

/** Drivers that a netavark may be built without. */
const compiledDrivers = ['iptables', 'nftables']

function examineFirewall(image: InspectedImage): Examination {
  if (networkBackend(image) === 'cni') return examineIptables(image)
  const netavark = helperPath(image, 'netavark')
  if (netavark === undefined) return skipped('The image has no netavark.')
  const missing = (driver: string) => missingPrograms(image, driver)
  const built = builtDrivers(image, netavark)
  const chosen = chosenDriver(image)
  if (chosen) {
    if (built.length > 0 && compiledDrivers.includes(chosen.driver) && !built.includes(chosen.driver))
      return examined(
        finding(
          chosen.origin,
          `The firewall driver ${chosen.driver} is not in this netavark, which has ${built.join(', ')}.`,
        ),
      )
    const names = missing(chosen.driver)
    return examined(
      ...(names.length > 0
        ? [
            finding(
              chosen.origin,
              `The firewall driver ${chosen.driver} needs ${names.join(' and ')}, not found on ${image.init.searchPath.join(':')}.`,
            ),
          ]
        : []),
    )
  }
  // Which driver is the default was chosen when netavark was built and cannot be read from it: one of them must be usable.
  const candidates = built.length > 0 ? built : ['iptables', 'nftables']
  if (candidates.some((driver) => missing(driver).length === 0)) return examined()
  const needs = candidates.map((driver) => `${driver} (needs ${missing(driver).join(' and ')})`).join(' or ')
  return examined(finding(netavark, `netavark can use no firewall driver: ${needs}.`))
}

function examineNames(image: InspectedImage): Examination {
  const netavark = helperPath(image, 'netavark')
  if (netavark === undefined) return skipped('The image has no netavark.')
  if (helperPath(image, 'aardvark-dns')) return examined()
  return examined(finding(netavark.replace(/[^/]+$/, 'aardvark-dns'), 'aardvark-dns is in no helper folder.'))
}

/** Where podman looks for CNI plugins unless containers.conf says otherwise (containers/common 0.50, pkg/config/config.go). */
const cniFolders = ['/usr/local/libexec/cni', '/usr/libexec/cni', '/usr/local/lib/cni', '/usr/lib/cni', '/opt/cni/bin']
/** What podman's bridge networks are made of, and the loopback of each container (containers/common 0.50, libnetwork/cni). */
const cniPlugins = ['bridge', 'host-local', 'portmap', 'firewall', 'tuning', 'loopback']

function examinePlugins(image: InspectedImage): Examination {
  if (networkBackend(image) !== 'cni') return skipped('The backend is not CNI.')
  const configured = image.configuration.containers.values.get('network.cni_plugin_dirs')?.value
  const folders = Array.isArray(configured) ? configured.filter((each) => typeof each === 'string') : cniFolders
  return examineEach(cniPlugins, 'Nothing.', (name) =>
    folders.some((folder) => image.files.isExecutable(`${folder}/${name}`))
      ? undefined
      : finding(`${folders[0] ?? ''}/${name}`, `The CNI plugin ${name} is in none of ${folders.join(', ')}.`),
  )
}

/** The oldest netavark for each podman (podman release notes and its contrib/ packaging). */
const oldestNetavark: Record<number, readonly [major: number, minor: number]> = { 4: [1, 0], 5: [1, 10], 6: [2, 0] }

type Version = readonly [major: number, minor: number]

function packageVersion({ packageDatabase }: InspectedImage, name: string): Version | undefined {
  const version = packageDatabase?.packages.find((installed) => installed.name === name)?.version
  const [, major, minor] = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version ?? '') ?? []
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)]
}

function examineVersions(image: InspectedImage): Examination {
  const [netavark, aardvark] = [packageVersion(image, 'netavark'), packageVersion(image, 'aardvark-dns')]
  if (image.podman === undefined || netavark === undefined || aardvark === undefined)
    return skipped('The versions of podman, netavark and aardvark-dns are not all known.')
  const path = image.packageDatabase?.path ?? '/'
  const oldest = oldestNetavark[image.podman.era] ?? [1, 0]
  const findings = []
  if (netavark[0] !== aardvark[0] || netavark[1] !== aardvark[1])
    findings.push(
      finding(
        path,
        `netavark is ${netavark.join('.')}, aardvark-dns is ${aardvark.join('.')}; they must be of one release.`,
      ),
    )
  if (netavark[0] < oldest[0] || (netavark[0] === oldest[0] && netavark[1] < oldest[1]))
    findings.push(
      finding(
        path,
        `netavark ${netavark.join('.')} is too old for podman ${image.podman.version}, which needs ${oldest.join('.')}.`,
      ),
    )
  return examined(...findings)
}

export const networkChecks: readonly StaticCheck[] = [
  {
    id: 'NET-001',
    title: 'The tool of the firewall driver is there',
    severity: 'blocker',
    why: 'netavark runs iptables and ip6tables, or nft, and CNI runs iptables; without them every container with a network fails to start.',
    source: 'netavark src/firewall; its release notes 1.10 (nftables added) and 2.0 (iptables removed)',
    remedy: 'Install iptables or nftables to match firewall_driver and the version of netavark.',
    examine: examineFirewall,
  },
  {
    id: 'NET-002',
    title: 'aardvark-dns is in a helper folder',
    severity: 'error',
    why: 'Without it netavark silently starts networks in which containers cannot find one another by name.',
    source: 'podman-network(1); containers.conf(5), helper_binaries_dir',
    remedy: 'Install aardvark-dns beside netavark.',
    examine: examineNames,
  },
  {
    id: 'NET-003',
    title: 'podman, netavark and aardvark-dns are in step',
    severity: 'error',
    why: 'They exchange versioned configuration; releases apart refuse one another at the first network.',
    source: 'podman release notes 5.0 and 6.0; netavark and aardvark-dns are released together',
    remedy: 'Take all three from one release of the distribution.',
    examine: examineVersions,
  },
  {
    id: 'NET-004',
    title: 'With the backend CNI, its plugins are there',
    severity: 'blocker',
    why: 'Podman starts these programs for each container with a network; without one of them none starts.',
    source: 'containers.conf(5), cni_plugin_dirs; containers/common 0.50, libnetwork/cni',
    remedy:
      'Install the CNI plugins (bridge, host-local, portmap, firewall, tuning, loopback) in a folder of cni_plugin_dirs.',
    examine: examinePlugins,
  },
]
