import { allRequirements } from '../../suites/all-requirements.ts'
import { harnessVersion } from '../call/harness-version.ts'
import { mergeHelp, verifyHelp } from '../call/help.ts'
import { nearest } from '../call/nearest.ts'
import type { VerifyCall } from '../call/verify-call.ts'
import { CallFault } from '../faults.ts'
import { findImages } from '../image/find-images.ts'
import { configurationReport, configurationText } from '../inspect/configuration/print.ts'
import { expectationsOf } from '../inspect/expectations.ts'
import { inspectImage } from '../inspect/inspect-image.ts'
import { loadProfile, type Profile } from '../profile/profile.ts'
import { printableLine } from '../report/printable.ts'
import type { Requirement } from '../requirement/requirement.ts'

type Question = Exclude<VerifyCall, { action: 'verify' | 'merge' }>
type Answers = { [Action in Question['action']]: (question: Extract<Question, { action: Action }>) => Promise<string> }

/** Answers what is asked instead of a verification, on stdout, and returns the exit code. */
export async function answerQuestion(question: Question): Promise<number> {
  const answer = answers[question.action] as (asked: Question) => Promise<string>
  process.stdout.write(await answer(question))
  return 0
}

const answers: Answers = {
  help: async () => verifyHelp(),
  'merge-help': async () => mergeHelp(),
  version: async () => `${harnessVersion()}\n`,
  list: async ({ suites, profile, json }) => {
    const listed = [...allRequirements.values()].filter(({ suite }) => suites.some((wanted) => wanted === suite))
    return json
      ? jsonText(listed.map(({ id, suite, title, severity }) => ({ id, suite, title, severity })))
      : table(listed, await loadProfile(profile))
  },
  explain: async ({ requirementId, json }) => {
    const requirement = requirementById(requirementId)
    const { id, suite, title, severity, why, source, remedy } = requirement
    return json ? jsonText({ id, suite, title, severity, why, source, remedy }) : explanation(requirement)
  },
  'effective-config': async ({ images, profile, json, architectures }) => {
    const expectations = await loadProfile(profile)
    const answer: string[] = []
    for (const { image } of await findImages(images)) {
      const inspected = await inspectImage(image, expectations)
      inspected.close()
      if (!architectures.includes(inspected.arch)) continue
      const report = configurationReport(inspected)
      answer.push(json ? jsonText({ file: image.path, ...report }) : `${image.path}\n${configurationText(report)}`)
    }
    return answer.join('\n')
  },
}

function requirementById(id: string): Requirement {
  const requirement = allRequirements.get(id.toUpperCase())
  if (requirement) return requirement
  const suggestion = nearest(id.toUpperCase(), [...allRequirements.keys()])
  const hint = suggestion ? `did you mean ${suggestion}?` : 'verify.mjs --list prints all.'
  throw new CallFault(`There is no requirement ${id}: ${hint}`)
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** A line for each requirement; below it, as far as it is the profile's to say, what is expected. */
function table(requirements: readonly Requirement[], profile: Profile): string {
  const rows = requirements.flatMap(({ id, suite, severity, title }) => [
    `${id.padEnd(9)} ${suite.padEnd(11)} ${severity.padEnd(8)} ${title}`,
    ...expectationsOf(id, profile).map((line) => `${' '.repeat(31)}${printableLine(line)}`),
  ])
  return rows.map((row) => `${row}\n`).join('')
}

const explanation = ({ id, suite, title, severity, why, source, remedy }: Requirement): string =>
  `${id}  ${title}
Suite     ${suite}
Severity  ${severity}
Why       ${why}
Source    ${source}
Remedy    ${remedy}
`
