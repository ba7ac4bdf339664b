import { allRequirements } from '../../../suites/all-requirements.ts'
import { findImages } from '../../image/find-images.ts'
import { configurationReport, configurationText } from '../../inspect/configuration/print.ts'
import { engineOfImage } from '../../inspect/engine-of-image.ts'
import { inspectImage } from '../../inspect/inspect-image.ts'
import { CallFault } from '../../model/faults.ts'
import { isAskedOf, type Requirement } from '../../model/requirement.ts'
import { harnessVersion } from '../../platform/harness-version.ts'
import { loadProfile } from '../../profile/profile.ts'
import { erasOf, obligationOf } from '../explain/obligation.ts'
import { explanation, requirementList } from '../explain/requirement-texts.ts'
import { mergeHelp, verifyHelp } from '../help.ts'
import { nearest } from '../nearest.ts'
import { requireEngine } from '../require-engine.ts'
import type { VerifyCall } from '../verify-call.ts'

type Question = Exclude<VerifyCall, { action: 'verify' | 'merge' | 'self-test' }>
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
    const expectations = await loadProfile(profile)
    const listed = [...allRequirements.values()].filter(({ suite }) => suites.some((wanted) => wanted === suite))
    return json
      ? jsonText(listed.map(listedFields))
      : requirementList(
          listed.filter((requirement) => isAskedOf(expectations.contract.engine, requirement)),
          expectations,
        )
  },
  explain: async ({ requirementId, json }) => {
    const requirement = requirementById(requirementId)
    return json ? jsonText(explainedFields(requirement)) : explanation(requirement)
  },
  'effective-config': async ({ images, profile, json, architectures }) => {
    const expectations = await loadProfile(profile)
    const answer: string[] = []
    for (const { image } of await findImages(images)) {
      const inspected = await inspectImage(image, expectations)
      inspected.close()
      if (!architectures.includes(inspected.arch)) continue
      requireEngine('--effective-config', 'podman', image.path, engineOfImage(inspected, expectations.init.path).engine)
      const report = configurationReport(inspected)
      answer.push(json ? jsonText({ file: image.path, ...report }) : `${image.path}\n${configurationText(report)}`)
    }
    return answer.join('\n')
  },
}

/** What programs are told of a requirement: published, so that fields are added and none is taken away. */
const listedFields = (requirement: Requirement) => {
  const { id, suite, title, severity, engine, feature } = requirement
  return { id, suite, title, severity, engine, eras: erasOf(requirement), feature }
}

const explainedFields = (requirement: Requirement) => {
  const { why, source, remedy } = requirement
  const obligation = obligationOf(requirement)?.hurt
  return { ...listedFields(requirement), why, source, remedy, obligation }
}

function requirementById(id: string): Requirement {
  const requirement = allRequirements.get(id.toUpperCase())
  if (requirement) return requirement
  const suggestion = nearest(id.toUpperCase(), [...allRequirements.keys()])
  const hint = suggestion ? `did you mean ${suggestion}?` : 'verify.mjs --list prints all.'
  throw new CallFault(`There is no requirement ${id}: ${hint}`)
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
