import type { Requirement } from '../../../harness/requirement/requirement.ts'

const source = 'boot contract, "Kernel parameters": network'

/** What the network parameters set up; that pulls work through it is the podman suite's matter. */
export const networkRequirements: readonly Requirement[] = [
  {
    id: 'LAN-001',
    suite: 'boot',
    title: 'Without podman_network the network stays down',
    severity: 'error',
    why: 'A runner that gives no network wants none: builds must not depend on what happens to be reachable.',
    source: `${source}, 0 is the default`,
    remedy: 'Bring eth0 up only where podman_network=1.',
  },
  {
    id: 'LAN-002',
    suite: 'boot',
    title: 'podman_network=1 gives eth0 the address 10.0.2.15/24',
    severity: 'error',
    why: 'QEMU’s user network forwards ports to this address.',
    source,
    remedy: 'Set eth0 up with 10.0.2.15/24 where podman_ip and podman_prefixlen are not given.',
  },
  {
    id: 'LAN-003',
    suite: 'boot',
    title: 'podman_network=1 routes through 10.0.2.2',
    severity: 'error',
    why: 'Without the route nothing outside the machine is reached.',
    source,
    remedy: 'Add a default route through 10.0.2.2 where podman_gw is not given.',
  },
  {
    id: 'LAN-004',
    suite: 'boot',
    title: 'podman_network=1 asks 10.0.2.3 for names',
    severity: 'error',
    why: 'Without a name server no registry is found.',
    source,
    remedy: 'Write "nameserver 10.0.2.3" to /etc/resolv.conf, first, where podman_dns is not given.',
  },
  {
    id: 'LAN-005',
    suite: 'boot',
    title: 'podman_ip and podman_prefixlen set the address',
    severity: 'error',
    why: 'Under Xen, and on bridges, the address is the host’s choice.',
    source: `${source}, ip and prefixlen`,
    remedy: 'Use podman_ip/podman_prefixlen for eth0 where they are given.',
  },
  {
    id: 'LAN-006',
    suite: 'boot',
    title: 'podman_gw sets the gateway',
    severity: 'error',
    why: 'A route through QEMU’s address leads nowhere on another network.',
    source: `${source}, gw`,
    remedy: 'Use podman_gw for the default route where it is given.',
  },
  {
    id: 'LAN-007',
    suite: 'boot',
    title: 'podman_dns sets all name servers of its list, in order',
    severity: 'error',
    why: 'A company’s own registries are known to its own name servers only.',
    source: `${source}, dns (comma list)`,
    remedy: 'Split podman_dns at commas and write one nameserver line each, and no other.',
  },
]
