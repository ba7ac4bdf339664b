import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { type EraName, eraNames } from '../model/era.ts'
import { type SuiteName, suiteNames } from '../model/requirement.ts'
import { literals, type RequirementResult } from '../model/result.ts'
import { lookedAt, statusNames } from '../model/status.ts'
import { isDecidingFailure } from '../report/judge.ts'
import type { ImageReport } from '../report/schema.ts'

const statementType = 'https://in-toto.io/Statement/v1'
const testResultType = 'https://in-toto.io/attestation/test-result/v0.1'
const summaryType = 'https://slsa.dev/verification_summary/v1'

/** What a statement is about, or refers to. */
const resourceSchema = Type.Object({ name: Type.String(), digest: Type.Object({ sha256: Type.String() }) })

/** What consumers judge by beside the lists of tests; predicates take further fields only in `annotations` of a resource. */
const runSchema = Type.Object({
  version: Type.String(),
  startedAt: Type.String(),
  arch: Type.String(),
  profile: Type.String(),
  era: literals(eraNames),
  suites: Type.Array(literals(suiteNames)),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'How many requirements have each status.' }),
  waivers: Type.Array(Type.String(), { description: 'IDs of requirements that a waiver covers.' }),
  reused: Type.Optional(
    Type.Object(
      { count: Type.Integer(), oldest: Type.String({ description: 'ISO 8601, UTC.' }) },
      {
        description: 'Results that an earlier run had found, and when the first of them; absent where there are none.',
      },
    ),
  ),
})

/** The statement of test results, as far as it is read: what else is in it is ignored, as consumers must. */
export const testResultSchema = Type.Object({
  _type: Type.Literal(statementType),
  subject: Type.Array(resourceSchema, { minItems: 1, maxItems: 64 }),
  predicateType: Type.Literal(testResultType),
  predicate: Type.Object({
    result: literals(['PASSED', 'WARNED', 'FAILED']),
    configuration: Type.Tuple([Type.Object({ annotations: runSchema }), resourceSchema, resourceSchema]),
    passedTests: Type.Array(Type.String()),
    warnedTests: Type.Array(Type.String()),
    failedTests: Type.Array(Type.String()),
  }),
})

export type Resource = Static<typeof resourceSchema>
export type TestResult = Static<typeof testResultSchema>

export interface Statement {
  _type: typeof statementType
  subject: Resource[]
  predicateType: string
  predicate: object
}

/** What was tested and by what, beyond what the report has. */
export interface AttestedRun {
  /** Of the harness. */
  version: string
  startedAt: string
  era: EraName
  /** Kernel and initramfs that the image was booted or judged with; none where there were none. */
  bootFiles: Resource[]
  /** The profile with all that it extends, and the report, by their hashes. */
  profile: Resource
  report: Resource
}

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

const packageUrl = (version: string): string => `pkg:npm/vpdmn-conformance@${version}`

const idsOf = (results: readonly RequirementResult[], isMeant: (result: RequirementResult) => boolean): string[] =>
  results.filter(isMeant).map(({ id }) => id)

/** What could not be asked because of a failure was not passed. */
const isFailed = (result: RequirementResult): boolean => isDecidingFailure(result) || result.status === 'blocked'
const isWarned = (result: RequirementResult): boolean =>
  result.status === 'waived' || (result.status === 'fail' && !isDecidingFailure(result))

const countsOf = (results: readonly RequirementResult[]): Record<string, number> =>
  Object.fromEntries(statusNames.map((name) => [name, results.filter(({ status }) => status === name).length]))

function reuseOf(results: readonly RequirementResult[]): Pick<Static<typeof runSchema>, 'reused'> {
  const times = results.flatMap(({ reusedFrom }) => reusedFrom ?? []).toSorted()
  return times[0] === undefined ? {} : { reused: { count: times.length, oldest: times[0] } }
}

/** Suites that looked at the image; one whose requirements were all skipped did not. */
const suitesThatJudged = (results: readonly RequirementResult[]): SuiteName[] =>
  suiteNames.filter((name) => results.some(({ suite, status }) => suite === name && lookedAt[status]))

const subjectOf = (image: ImageReport, { bootFiles }: AttestedRun): Resource[] => [
  { name: basename(image.file), digest: { sha256: image.sha256 } },
  ...bootFiles,
]

/** What the tests said of an image (in-toto attestation framework, predicate "Test Result" 0.1). */
export function testResultStatement(image: ImageReport, run: AttestedRun): Statement {
  const { requirements, arch, profile } = image
  const failedTests = idsOf(requirements, isFailed)
  const warnedTests = idsOf(requirements, isWarned)
  const { version, startedAt, era } = run
  const suites = suitesThatJudged(requirements)
  const waivers = idsOf(requirements, ({ status }) => status === 'waived')
  return {
    _type: statementType,
    subject: subjectOf(image, run),
    predicateType: testResultType,
    predicate: {
      result: failedTests.length > 0 ? 'FAILED' : warnedTests.length > 0 ? 'WARNED' : 'PASSED',
      configuration: [
        {
          uri: packageUrl(version),
          annotations: {
            ...{ version, startedAt, arch, profile, era, suites, counts: countsOf(requirements), waivers },
            ...reuseOf(requirements),
          },
        },
        run.profile,
        run.report,
      ],
      passedTests: idsOf(requirements, ({ status }) => status === 'pass'),
      warnedTests,
      failedTests,
    },
  }
}

/** The same in a word, for consumers of SLSA's verification summaries (slsa.dev/verification_summary/v1). */
export function summaryStatement(image: ImageReport, run: AttestedRun, testResultEnvelope: string): Statement {
  const { version, startedAt, era, profile } = run
  const passed = !image.requirements.some(isFailed)
  return {
    _type: statementType,
    subject: subjectOf(image, run),
    predicateType: summaryType,
    predicate: {
      verifier: { id: packageUrl(version), version: { 'vpdmn-conformance': version } },
      timeVerified: startedAt,
      resourceUri: `pkg:generic/${encodeURIComponent(basename(image.file))}?checksum=sha256:${image.sha256}`,
      policy: { uri: `${packageUrl(version)}#${encodeURIComponent(profile.name)}`, digest: profile.digest },
      inputAttestations: [{ digest: { sha256: sha256(testResultEnvelope) } }],
      verificationResult: passed ? 'PASSED' : 'FAILED',
      // Custom levels may not begin with SLSA_, and a failure has this one alone.
      verifiedLevels: [passed ? `VPDMN_CONFORMS_${era.toUpperCase()}` : 'FAILED'],
    },
  }
}
