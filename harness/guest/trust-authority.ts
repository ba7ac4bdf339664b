import type { GuestAgent } from './guest-agent.ts'

/** Where Go programs look for the certificates that they trust; the first that exists counts (Go, crypto/x509/root_linux.go). */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Makes a guest trust an authority, given in PEM, where the image has not taken it from the runner's share: images of some eras
 * cannot. That an image which can does so is a requirement of the boot suite.
 */
export async function trustAuthority(agent: GuestAgent, certificatePem: string): Promise<void> {
  // The second line of a certificate is unlike that of any other.
  const own = certificatePem.split('\n')[1] as string
  await agent.mustShell(
    `for bundle in ${bundles.join(' ')}; do [ -f "$bundle" ] && break; done
grep -qF "${own}" "$bundle" || cat >> "$bundle"`,
    { input: certificatePem },
  )
}
