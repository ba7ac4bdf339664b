import { keyFileProblem } from '../../../harness/inspect/configuration/key-file.ts'
import {
  frameProblems,
  keyFiles,
  type PolicyRequirement,
  parseStrictJson,
  policyRequirements,
  requirementProblems,
} from '../../../harness/inspect/configuration/policy-json.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import {
  type Examination,
  examined,
  examineEach,
  finding,
  joinExaminations,
  type StaticCheck,
  skipped,
} from '../check.ts'

/** The policy podman reads: root's own, then the system's (containers-policy.json(5)). */
const places = ['/root/.config/containers/policy.json', '/etc/containers/policy.json']
const systemPath = '/etc/containers/policy.json'
const missing = 'The image has no policy.json.'

export function policyFile({ files }: InspectedImage): { path: string; text: string } | undefined {
  const path = places.find((place) => files.findFile(place) !== undefined)
  const text = path && files.text(path)
  return path && text !== undefined ? { path, text } : undefined
}

const examinePresence = (image: InspectedImage): Examination =>
  policyFile(image) ? examined() : examined(finding(systemPath, `${systemPath} does not exist.`))

function examineFrame(image: InspectedImage): Examination {
  const file = policyFile(image)
  if (file === undefined) return skipped(missing)
  const { value, duplicates, error } = parseStrictJson(file.text)
  if (error !== undefined) return examined(finding(file.path, `It is not one JSON value: ${error}.`))
  return examined(
    ...duplicates.map((key) => finding(file.path, `The key ${JSON.stringify(key)} is repeated.`)),
    ...frameProblems(value).map(({ message }) => finding(file.path, message)),
  )
}

interface ReadPolicy {
  path: string
  requirements: PolicyRequirement[]
  problems: { place: string; message: string }[]
}

function readPolicy(image: InspectedImage): ReadPolicy | undefined {
  const file = policyFile(image)
  const parsed = file && parseStrictJson(file.text)
  if (file === undefined || parsed === undefined || parsed.error !== undefined) return undefined
  return { path: file.path, ...policyRequirements(parsed.value) }
}

export const unreadablePolicy = 'The image has no policy.json that can be read.'

function examineRequirements(image: InspectedImage): Examination {
  const policy = readPolicy(image)
  if (policy === undefined) return skipped(unreadablePolicy)
  const { path, requirements, problems } = policy
  return joinExaminations(
    examineEach(problems, unreadablePolicy, ({ place, message }) => finding(path, `${place}: ${message}`)),
    examineEach(requirements, 'The policy lists no requirement.', (requirement) =>
      requirementProblems(requirement).map(({ place, message }) => finding(path, `${place}: ${message}`)),
    ),
  )
}

/** A keyring of a distribution has some ten thousand bytes. */
const maxKeyBytes = 1024 * 1024

function examineKeyFiles(image: InspectedImage): Examination {
  const policy = readPolicy(image)
  if (policy === undefined) return skipped(unreadablePolicy)
  const named = policy.requirements.flatMap((requirement) => keyFiles(requirement).map((key) => ({ key, requirement })))
  const files = examineEach(named, 'The policy names no key files.', ({ key, requirement: { place, type } }) => {
    const entry = image.files.findFile(key)
    if (entry === undefined) return finding(policy.path, `${place} names the key ${key}, which does not exist.`)
    const bytes = image.files.readIfWhole(entry, 0, maxKeyBytes)
    const problem = bytes && keyFileProblem(bytes, type === 'signedBy' ? 'pgp' : 'pem')
    return problem === undefined ? undefined : finding(key, `${place} names this key file, which ${problem}.`)
  })
  return { ...files, findings: [...files.findings, ...missingReader(image, policy)] }
}

/** A podman that is linked to GPGME runs gpg to read PGP keys and signatures (containers/image signature/mechanism_gpgme.go). */
function missingReader(
  { files, init, elfFiles, podman }: InspectedImage,
  { path, requirements }: ReadPolicy,
): Finding[] {
  const signed = requirements.find(({ type }) => type === 'signedBy')
  const needed = podman && elfFiles.get(files.resolve(podman.path).path)?.elf?.dynamic?.needed
  if (signed === undefined || !needed?.some((name) => name.startsWith('libgpgme.so'))) return []
  if (['gpg', 'gpg2'].some((name) => findProgram(files, name, init.searchPath))) return []
  return [
    finding(path, `${signed.place} asks for signatures that podman reads by gpg, which is not on the search path.`),
  ]
}

const defaults = ({ requirements }: ReadPolicy) => requirements.filter(({ place }) => place.startsWith('default['))

function examineAcceptance(image: InspectedImage, profile: Profile): Examination {
  const policy = readPolicy(image)
  if (policy === undefined) return skipped(unreadablePolicy)
  const acceptsAnything = defaults(policy).every(({ type }) => type === 'insecureAcceptAnything')
  if (acceptsAnything === profile.policy.acceptAnything) return examined()
  const seen = acceptsAnything ? 'accepts any image' : 'demands more than any image'
  const expected = profile.policy.acceptAnything ? 'insecureAcceptAnything' : 'signatures'
  return examined(finding(policy.path, `The default ${seen}; the profile expects ${expected}.`))
}

export const policyManual = 'containers-policy.json(5); containers/image signature/policy_config.go'

export const policyChecks: readonly StaticCheck[] = [
  {
    id: 'POL-001',
    title: 'A signature policy is present',
    severity: 'blocker',
    why: 'Without policy.json podman and skopeo refuse every pull and load.',
    source: policyManual,
    remedy: 'Ship /etc/containers/policy.json.',
    examine: examinePresence,
  },
  {
    id: 'POL-002',
    title: 'The signature policy is one strict JSON object with a default',
    severity: 'blocker',
    why: 'A repeated or unknown key, text behind the end or an empty default makes podman refuse the whole policy, and every pull.',
    source: policyManual,
    remedy: 'Write {"default":[{"type":"insecureAcceptAnything"}]}, or correct the key.',
    examine: examineFrame,
  },
  {
    id: 'POL-003',
    title: 'Every requirement of the policy is one that podman knows',
    severity: 'blocker',
    why: 'An unknown type or key, or a signature requirement without exactly one key source, makes podman refuse the whole policy.',
    source: policyManual,
    remedy: 'Use insecureAcceptAnything, reject, signedBy or sigstoreSigned with exactly one key source.',
    examine: examineRequirements,
  },
  {
    id: 'POL-004',
    title: 'The key files that the policy names exist and are whole, and what reads them is there',
    severity: 'error',
    why: 'A key that is missing, cut off or cannot be read makes every pull under that requirement fail.',
    source: policyManual,
    remedy: 'Ship the key file and gpg (gnupg), or take the requirement out.',
    examine: examineKeyFiles,
  },
  {
    id: 'POL-006',
    title: 'Accepting any image is what the profile says',
    severity: 'warning',
    why: 'Whether signatures are checked is a decision of the image; it must not change by accident.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init',
    remedy: 'Change the policy, or say in the profile (policy.acceptAnything) what it shall be.',
    examine: examineAcceptance,
  },
]
