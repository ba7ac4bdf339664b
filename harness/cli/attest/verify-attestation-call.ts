import type { Policy } from '../../attest/policy.ts'
import { eraNames } from '../../model/era.ts'
import { CallFault } from '../../model/faults.ts'
import { suiteNames } from '../../model/requirement.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { optionsText } from '../help.ts'
import { absolute, readNumber, readWord } from '../option-values.ts'
import { type Option, readOptions } from '../read-options.ts'

/** What a command line of verify-attestation asks for; paths are absolute. */
export type VerifyAttestationCall = { action: 'help' } | AttestationCheck

export interface AttestationCheck {
  action: 'verify-attestation'
  file: string
  /** What the statement must be about: the image, and kernel and initramfs where given. */
  image: string
  bootFiles: string[]
  key: string
  policy: Policy
}

const group = 'Options'

export const verifyAttestationOptions = [
  { name: 'key', value: 'FILE', group, text: 'public key of who verified: PEM, or .pub of ssh' },
  { name: 'policy', value: 'LIST', group, text: 'what is wanted beside conformance; see below', repeatable: true },
  { name: 'kernel', value: 'FILE', group, text: 'it must have been verified with this kernel' },
  { name: 'initramfs', value: 'FILE', group, text: 'it must have been verified with this initramfs' },
  { name: 'help', group, text: 'this text' },
] as const satisfies readonly Option[]

export const verifyAttestationHelp =
  (): string => `Usage: vpdmn-conformance verify-attestation FILE IMAGE --key FILE [options]

Says whether FILE, which verify --attest wrote, holds a statement on IMAGE that
the key has signed and that meets the policy. Nothing is booted.

${optionsText(verifyAttestationOptions)}
Policy      era=NAME          judged by this era or a later one
                              (${eraNames.join(', ')})
            no-waivers        no requirement is waived
            no-reuse          no result of an earlier run is reused
            max-age=DAYS      judged in the last DAYS days
            suite=NAME        judged by this suite; may be given several times
Example     vpdmn-conformance verify-attestation a.intoto.jsonl a.squashfs \\
              --key ci.pub --policy era=wrynose,no-waivers,max-age=30
Exit codes  0 met · 1 the policy is not met · 2 usage error, or no statement of
            this key on this image
`

/** Reads the arguments. Throws CallFault, in one sentence, for what it does not take. */
export function parseVerifyAttestationCall(args: readonly string[], folder = callFolder()): VerifyAttestationCall {
  const { positionals, values, switches } = readOptions(args, verifyAttestationOptions)
  if (switches.has('help')) return { action: 'help' }
  const [file, image, tooMuch] = positionals
  if (file === undefined || image === undefined || tooMuch !== undefined)
    throw new CallFault(
      'verify-attestation takes an attestation and an image: verify-attestation FILE IMAGE --key FILE.',
    )
  const [key] = values.get('key') ?? []
  if (key === undefined) throw new CallFault('verify-attestation needs the public key of who verified: --key FILE.')
  const bootFiles = ['kernel', 'initramfs'].flatMap((name) => values.get(name) ?? [])
  return {
    action: 'verify-attestation',
    file: absolute(file, folder),
    image: absolute(image, folder),
    bootFiles: bootFiles.map((path) => absolute(path, folder)),
    key: absolute(key, folder),
    policy: readPolicy((values.get('policy') ?? []).flatMap((list) => list.split(','))),
  }
}

const maxDays = 36_500

const terms: Readonly<Record<string, (policy: Policy, value: string) => Policy>> = {
  era: (policy, value) => ({ ...policy, era: readWord('policy era', value, eraNames) }),
  'no-waivers': (policy) => ({ ...policy, noWaivers: true }),
  'no-reuse': (policy) => ({ ...policy, noReuse: true }),
  'max-age': (policy, value) => ({ ...policy, maxAgeDays: readNumber('policy max-age', value, 0, maxDays) }),
  suite: (policy, value) => ({ ...policy, suites: [...policy.suites, readWord('policy suite', value, suiteNames)] }),
}

function readPolicy(words: readonly string[]): Policy {
  return words.reduce<Policy>(
    (policy, word) => {
      const [name = '', value = ''] = word.trim().split(/=(.*)/s)
      const term = terms[readWord('policy', name, Object.keys(terms))] as (typeof terms)[string]
      const isFlag = name.startsWith('no-')
      if (isFlag !== (value === ''))
        throw new CallFault(`--policy takes ${isFlag ? name : `${name}=VALUE`}, not "${word}".`)
      return term(policy, value)
    },
    { noWaivers: false, noReuse: false, suites: [] },
  )
}
