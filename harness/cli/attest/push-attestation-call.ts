import { CallFault } from '../../model/faults.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { optionsText } from '../help.ts'
import { absolute } from '../option-values.ts'
import { type Option, readOptions } from '../read-options.ts'

/** What a command line of push-attestation asks for; paths are absolute. */
export type PushAttestationCall = { action: 'help' } | AttestationPush

export interface AttestationPush {
  action: 'push-attestation'
  file: string
  /** `HOST[:PORT]/NAME[:TAG|@DIGEST]`. */
  reference: string
  /** File of logins, such as ~/.docker/config.json. */
  logins?: string
  plainHttp: boolean
}

const group = 'Options'

export const pushAttestationOptions = [
  { name: 'authfile', value: 'FILE', group, text: 'logins, as docker and podman write them (default: none)' },
  { name: 'plain-http', group, text: 'the registry speaks no TLS' },
  { name: 'help', group, text: 'this text' },
] as const satisfies readonly Option[]

export const pushAttestationHelp = (): string => `Usage: vpdmn-conformance push-attestation FILE REFERENCE [options]

Pushes FILE, which verify --attest wrote, to the registry of REFERENCE, as a
referrer of that image (OCI 1.1), where clients of registries list it.
No login of this machine is used unless --authfile names it.

${optionsText(pushAttestationOptions)}
Example     vpdmn-conformance push-attestation a.intoto.jsonl \\
              registry.example/os/host:1.4 --authfile ~/.docker/config.json
Exit codes  0 pushed · 2 usage error or unreadable input · 3 registry refused
`

/** Reads the arguments. Throws CallFault, in one sentence, for what it does not take. */
export function parsePushAttestationCall(args: readonly string[], folder = callFolder()): PushAttestationCall {
  const { positionals, values, switches } = readOptions(args, pushAttestationOptions)
  if (switches.has('help')) return { action: 'help' }
  const [file, reference, tooMuch] = positionals
  if (file === undefined || reference === undefined || tooMuch !== undefined)
    throw new CallFault('push-attestation takes an attestation and an image: push-attestation FILE REGISTRY/NAME:TAG.')
  const [logins] = values.get('authfile') ?? []
  return {
    action: 'push-attestation',
    file: absolute(file, folder),
    reference,
    ...(logins !== undefined && { logins: absolute(logins, folder) }),
    plainHttp: switches.has('plain-http'),
  }
}
