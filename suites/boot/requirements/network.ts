import { podmanParameters as p } from '../../../harness/contract/engines.ts'
import type { RequirementRow } from '../../../harness/model/requirement.ts'

const source = 'contract, "Disks, shares and network": network'

/** What the network parameters set up; that pulls work through it is the podman suite's matter. */
export const networkRequirements: readonly RequirementRow[] = [
  {
    id: 'LAN-001',
    title: `Without ${p.network} the network stays down`,
    severity: 'error',
    why: 'A runner that gives no network wants none: builds must not depend on what happens to be reachable.',
    source: `${source}, 0 is the default`,
    remedy: `Bring eth0 up only where ${p.network}=1.`,
  },
  {
    id: 'LAN-002',
    title: `${p.network}=1 gives the machine the address 10.0.2.15/24`,
    severity: 'error',
    why: 'QEMU’s user network forwards ports to this address.',
    source,
    remedy: 'Set the first of eth0, enp0s2, enp0s3 and ens3 up with 10.0.2.15/24.',
  },
  {
    id: 'LAN-003',
    title: `${p.network}=1 routes through 10.0.2.2`,
    severity: 'error',
    why: 'Without the route nothing outside the machine is reached.',
    source,
    remedy: `Add a default route through 10.0.2.2 where ${p.gw} is not given.`,
  },
  {
    id: 'LAN-004',
    title: `${p.network}=1 asks 10.0.2.3 for names`,
    severity: 'error',
    why: 'Without a name server no registry is found.',
    source,
    remedy: `Write "nameserver 10.0.2.3" to /etc/resolv.conf, first, where ${p.dns} is not given.`,
  },
  {
    id: 'LAN-005',
    title: `${p.ip} and ${p.prefixlen} set the address`,
    severity: 'error',
    why: 'Under Xen, and on bridges, the address is the host’s choice.',
    source: `${source}, ip and prefixlen`,
    remedy: `Use ${p.ip}/${p.prefixlen} for eth0 where they are given.`,
    feature: 'addresses',
  },
  {
    id: 'LAN-006',
    title: `${p.gw} sets the gateway`,
    severity: 'error',
    why: 'A route through QEMU’s address leads nowhere on another network.',
    source: `${source}, gw`,
    remedy: `Use ${p.gw} for the default route where it is given.`,
    feature: 'addresses',
  },
  {
    id: 'LAN-007',
    title: `${p.dns} sets all name servers of its list, in order`,
    severity: 'error',
    why: 'A company’s own registries are known to its own name servers only.',
    source: `${source}, dns (comma list)`,
    remedy: `Split ${p.dns} at commas and write one nameserver line each, and no other.`,
    feature: 'addresses',
  },
  {
    id: 'LAN-008',
    title: 'A published port of a container is reached from outside of the machine',
    severity: 'error',
    why: 'This is how users reach the services that they run.',
    source: 'contract, "Ports and volumes": hostfwd with the same port inside',
    remedy:
      'Keep the machine’s address at 10.0.2.15, to which QEMU forwards, and let podman set up its firewall rules.',
  },
  {
    id: 'LAN-009',
    title: 'A port that is forwarded later leads to a container started later',
    severity: 'error',
    why: 'Runners add ports to a machine that is already running.',
    source: 'contract, "Ports and volumes": hostfwd_add by QMP',
    remedy: 'Nothing in the image may bind to or filter the ports that it knew at its start.',
  },
  {
    id: 'LAN-010',
    title: 'Two containers may use one port inside',
    severity: 'error',
    why: 'Most services of one kind listen on one port.',
    source: 'contract, "Ports and volumes"',
    remedy: 'Use a bridge network with port mapping by default, not the network of the machine.',
  },
]
