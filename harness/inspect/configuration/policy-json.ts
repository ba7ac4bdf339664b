/** A problem of a policy file, with the dotted place in it. */
export interface PolicyProblem {
  place: string
  message: string
}

/** JSON with what JSON.parse forgives but Go's strict decoder does not: duplicate keys and text behind the end. */
export type StrictJson =
  | { value: unknown; duplicates: string[]; error?: undefined }
  | { value?: undefined; duplicates: string[]; error: string }

const maxDepth = 64

/** Parses JSON and lists the keys that an object repeats. */
export function parseStrictJson(text: string): StrictJson {
  const duplicates: string[] = []
  try {
    const value: unknown = JSON.parse(text)
    collectDuplicates(text, duplicates)
    return { value, duplicates }
  } catch (error) {
    return { duplicates, error: (error as Error).message }
  }
}

/** Walks text that is known to be JSON; only objects' keys matter. */
function collectDuplicates(text: string, duplicates: string[]): void {
  const open: (Set<string> | undefined)[] = []
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs
  let lastString: string | undefined
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [symbol] = match
    if (symbol === '{' || symbol === '[') open.push(symbol === '{' ? new Set() : undefined)
    else if (symbol === '}' || symbol === ']') open.pop()
    else if (symbol === ':') noteKey(open.at(-1), lastString as string, duplicates)
    if (open.length > maxDepth) throw new RangeError(`it nests deeper than ${maxDepth}`)
    lastString = symbol
  }
}

function noteKey(keys: Set<string> | undefined, quoted: string, duplicates: string[]): void {
  const key = JSON.parse(quoted) as string
  if (keys?.has(key)) duplicates.push(key)
  keys?.add(key)
}

/** Requirement types and their keys (containers-policy.json(5); signature/policy_config.go, the Unmarshal functions). */
const requirementKeys: Record<string, readonly string[]> = {
  insecureAcceptAnything: [],
  reject: [],
  signedBy: ['keyType', 'keyPath', 'keyPaths', 'keyData', 'signedIdentity'],
  signedBaseLayer: ['baseLayerIdentity'],
  sigstoreSigned: [
    'keyPath',
    'keyPaths',
    'keyData',
    'keyDatas',
    'fulcio',
    'pki',
    'rekorPublicKeyPath',
    'rekorPublicKeyPaths',
    'rekorPublicKeyData',
    'rekorPublicKeyDatas',
    'signedIdentity',
  ],
}

/** Keys of which exactly one must say where the keys come from. */
const keySources: Record<string, readonly string[]> = {
  signedBy: ['keyPath', 'keyPaths', 'keyData'],
  sigstoreSigned: ['keyPath', 'keyPaths', 'keyData', 'keyDatas', 'fulcio', 'pki'],
}

type Table = Record<string, unknown>

/** One requirement of a policy and where it stands. */
export interface PolicyRequirement {
  place: string
  type: string
  table: Table
}

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Problems of the policy's frame: its top keys, and `default`, which must hold at least one requirement. */
export function frameProblems(policy: unknown): PolicyProblem[] {
  if (!isTable(policy)) return [{ place: 'policy', message: 'It must be a JSON object.' }]
  const unknown = Object.keys(policy).filter((key) => key !== 'default' && key !== 'transports')
  const problems = unknown.map((key) => ({ place: key, message: `The key ${JSON.stringify(key)} is unknown.` }))
  if (!Array.isArray(policy.default) || policy.default.length === 0)
    problems.push({ place: 'default', message: 'default must list at least one requirement.' })
  if (policy.transports !== undefined && !isTable(policy.transports))
    problems.push({ place: 'transports', message: 'transports must be an object.' })
  return problems
}

/** All requirement lists of a policy, `default` first. */
export function policyRequirements(policy: unknown): { requirements: PolicyRequirement[]; problems: PolicyProblem[] } {
  const lists: [string, unknown][] = isTable(policy)
    ? [['default', policy.default], ...transportLists(policy.transports)]
    : []
  const requirements: PolicyRequirement[] = []
  const problems: PolicyProblem[] = []
  for (const [place, list] of lists) {
    if (!Array.isArray(list) || list.length === 0) {
      if (place !== 'default') problems.push({ place, message: 'It must list at least one requirement.' })
      continue
    }
    for (const [index, table] of list.entries()) {
      const at = `${place}[${index}]`
      if (isTable(table) && typeof table.type === 'string') requirements.push({ place: at, type: table.type, table })
      else problems.push({ place: at, message: 'A requirement must be an object with a type.' })
    }
  }
  return { requirements, problems }
}

function transportLists(transports: unknown): [string, unknown][] {
  if (!isTable(transports)) return []
  return Object.entries(transports).flatMap(([transport, scopes]): [string, unknown][] =>
    isTable(scopes)
      ? Object.entries(scopes).map(([scope, list]) => [`transports.${transport}.${scope}`, list])
      : [[`transports.${transport}`, undefined]],
  )
}

/** Problems of one requirement: its type, its keys, and its one key source. */
export function requirementProblems({ place, type, table }: PolicyRequirement): PolicyProblem[] {
  const keys = Object.hasOwn(requirementKeys, type) ? requirementKeys[type] : undefined
  if (keys === undefined) return [{ place, message: `The requirement type ${JSON.stringify(type)} is unknown.` }]
  const unknown = Object.keys(table).filter((key) => key !== 'type' && !keys.includes(key))
  const problems = unknown.map((key) => ({ place, message: `The key ${JSON.stringify(key)} is unknown in ${type}.` }))
  const sources = keySources[type]?.filter((key) => table[key] !== undefined)
  if (sources && sources.length !== 1)
    problems.push({
      place,
      message: `${type} must have exactly one of ${keySources[type]?.join(', ')}, not ${sources.length}.`,
    })
  if (type === 'signedBy' && table.keyType !== 'GPGKeys')
    problems.push({ place, message: `keyType must be GPGKeys, not ${JSON.stringify(table.keyType)}.` })
  return problems
}

/** Files with keys that a requirement names. */
export function keyFiles({ table }: PolicyRequirement): string[] {
  return ['keyPath', 'keyPaths', 'rekorPublicKeyPath', 'rekorPublicKeyPaths']
    .flatMap((key) => table[key])
    .filter((path) => typeof path === 'string')
}
