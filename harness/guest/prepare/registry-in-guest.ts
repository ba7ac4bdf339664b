import { readFile } from 'node:fs/promises'
import { trustBundles } from '../../inspect/trust-bundles.ts'
import type { Forward } from '../../machine/devices.ts'
import { servedNames } from '../../registry/served-names.ts'
import type { GuestAgent } from '../guest-agent.ts'

/** Where the guest finds the registry: an address that slirp routes to nobody else (10.0.2.2 to .4 are its own, slirp(1)). */
export const registryAddress = '10.0.2.100'

/** Leads from there to the port on the host's loopback where the registry speaks TLS. */
export const registryForward = (tlsPort: number): Forward => ({
  guestAddress: registryAddress,
  guestPort: 443,
  hostPort: tlsPort,
})

/** The lines of `/etc/hosts` by which the public names lead to the registry. */
export const hostLines = (): string => servedNames.map(({ name }) => `${registryAddress} ${name}\n`).join('')

/** Makes a guest find the registry by the public names, and trust its authority, whose certificate is a PEM file. */
export async function makeRegistryKnown(agent: GuestAgent, certificateAuthority: string): Promise<void> {
  await agent.mustShell('cat >> /etc/hosts', { input: hostLines() })
  await trustAuthority(agent, await readFile(certificateAuthority, 'utf8'))
}

/**
 * Makes a guest trust an authority, given in PEM, where the image has not taken it from the runner's share: images of some eras
 * cannot. That an image which can does so is a requirement of the boot suite.
 */
async function trustAuthority(agent: GuestAgent, certificatePem: string): Promise<void> {
  // The second line of a certificate is unlike that of any other.
  const own = certificatePem.split('\n')[1] as string
  await agent.mustShell(
    `for bundle in ${trustBundles.join(' ')}; do [ -f "$bundle" ] && break; done
grep -qF "${own}" "$bundle" || cat >> "$bundle"`,
    { input: certificatePem },
  )
}
