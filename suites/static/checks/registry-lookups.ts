import {
  type NameService,
  nameServicePath,
  nameServicesOf,
} from '../../../harness/inspect/configuration/name-services.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'
import { pulledHosts } from './registry-sources.ts'

const hostsPath = '/etc/hosts'

/** Names of hosts that /etc/hosts gives an address, each with it. */
const fixedAddresses = (text: string): { name: string; address: string }[] =>
  text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return names.map((name) => ({ name: name.toLowerCase(), address }))
  })

/** docker.io is asked at registry-1.docker.io and auth.docker.io, so that names below a registry's own count too. */
function isOf(name: string, hosts: ReadonlySet<string>): boolean {
  const labels = name.split('.', maxLabels)
  return labels.some((_, index) => hosts.has(labels.slice(index).join('.')))
}

/** A name in DNS has 255 characters, and so no more parts than this (RFC 1035, 2.3.4). */
const maxLabels = 128

/** Addresses of the machine itself, where no registry answers; another may be a registry of the site, and meant. */
const ofItself = /^(0|127)\.|^::1?$/

function blockedRegistries({ files }: InspectedImage, hosts: ReadonlySet<string>): Finding[] {
  return fixedAddresses(files.text(hostsPath) ?? '')
    .filter(({ name, address }) => name !== 'localhost' && ofItself.test(address))
    .filter(({ name }) => isOf(name, hosts))
    .map(({ name, address }) =>
      finding(hostsPath, `It gives ${name} the address ${address}, where no registry answers.`),
    )
}

const asksDns = ({ name }: NameService): boolean => name === 'dns' || name === 'resolve'
/** A service that does not know a name ends the look-up; those of mDNS do so for names of .local alone. */
const endsLookUp = ({ name, actions }: NameService): boolean =>
  !name.startsWith('mdns') && /NOTFOUND\s*=\s*return|!\s*SUCCESS\s*=\s*return/i.test(actions)

/** Go reads the file like the C library does (net/conf.go, hostLookupOrder); without a line for hosts both ask DNS. */
function lookUpOrder({ files, init }: InspectedImage): Finding[] {
  const text = files.text(nameServicePath)
  if (text === undefined || init.mentions(nameServicePath)) return []
  const services = nameServicesOf(text).filter(({ database }) => database === 'hosts')
  const dns = services.findIndex(asksDns)
  const end = services.findIndex(endsLookUp)
  if (services.length === 0 || (dns >= 0 && (end < 0 || end >= dns))) return []
  const reason = dns < 0 ? 'does not list dns' : `ends each look-up at ${services[end]?.name}, before dns`
  return [finding(nameServicePath, `Its line for hosts ${reason}: no registry is found.`)]
}

function examineLookUps(image: InspectedImage): Examination {
  const hosts = pulledHosts(image)
  if (hosts.length === 0) return skipped('No search registry and no alias is set.')
  return { examinedCount: hosts.length, findings: [...blockedRegistries(image, new Set(hosts)), ...lookUpOrder(image)] }
}

export const registryLookUpChecks: readonly StaticCheck[] = [
  {
    id: 'REG-010',
    title: 'The names of search registries and aliases lead to them',
    severity: 'error',
    why: 'Where /etc/hosts gives a registry an address of the machine itself, or DNS is never asked, every pull from there fails.',
    source: 'hosts(5); nsswitch.conf(5); Go, net/conf.go; moby issue 22674',
    remedy: 'Remove the name from /etc/hosts, and write "hosts: files dns" in /etc/nsswitch.conf.',
    examine: examineLookUps,
  },
]
