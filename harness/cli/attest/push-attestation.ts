import { readBundle } from '../../attest/envelope.ts'
import { parseImageReference } from '../../attest/image-reference.ts'
import { loginFor } from '../../attest/logins.ts'
import { pushReferrer } from '../../attest/push-referrer.ts'
import { RegistryClient } from '../../attest/registry-client.ts'
import type { AttestationPush } from './push-attestation-call.ts'

/** Pushes the statements and returns the sentence that says where. */
export async function pushAttestation({ file, reference, logins, plainHttp }: AttestationPush): Promise<string> {
  const bundle = readBundle(file)
  const image = parseImageReference(reference)
  const client = new RegistryClient({
    origin: `${plainHttp ? 'http' : 'https'}://${image.host}`,
    ...(logins !== undefined && { authorization: loginFor(image.host, logins) }),
  })
  const digest = await pushReferrer(Buffer.from(bundle), image, client)
  return `Pushed as ${image.host}/${image.repository}@${digest}\n`
}
