import { expectationsOf } from '../../inspect/expectations.ts'
import { printableLine } from '../../model/printable.ts'
import type { Requirement } from '../../model/requirement.ts'
import type { Profile } from '../../profile/profile.ts'
import { obligationOf, obligations } from './obligation.ts'

/**
 * A line for each requirement; below it what is expected, as far as it is the profile's to say, and of a guest suite the
 * eras and the source. What its severity means there stands at the end.
 */
export function requirementList(requirements: readonly Requirement[], profile: Profile): string {
  const rows = requirements.flatMap((requirement) => [
    `${requirement.id.padEnd(9)} ${requirement.suite.padEnd(11)} ${requirement.severity.padEnd(8)} ${requirement.title}`,
    ...[...expectationsOf(requirement.id, profile), ...originLines(requirement)].map(
      (line) => `${indent}${printableLine(line)}`,
    ),
  ])
  const obliges = requirements.some((requirement) => obligationOf(requirement) !== undefined)
  return [...rows, ...(obliges ? obligationLines() : [])].map((row) => `${row}\n`).join('')
}

/** Below the titles. */
const indent = ' '.repeat(31)

function originLines(requirement: Requirement): string[] {
  const obligation = obligationOf(requirement)
  return obligation ? [`eras: ${obligation.eras} · source: ${requirement.source}`] : []
}

/** The severities of the guest suites by what they mean. */
function obligationLines(): string[] {
  const byMeaning = Map.groupBy(Object.entries(obligations), ([, meaning]) => meaning)
  const lines = [...byMeaning].map(
    ([meaning, group]) =>
      `  ${group
        .map(([severity]) => severity)
        .join(', ')
        .padEnd(16)}${meaning}`,
  )
  return ['', 'Where an image does not meet it, in suites that boot guests:', ...lines]
}

/** All that is known of a requirement, line by line. */
export function explanation(requirement: Requirement): string {
  const { id, suite, title, severity, engine, why, source, remedy } = requirement
  const obligation = obligationOf(requirement)
  return `${id}  ${title}
Suite     ${suite}${engine ? `, of images of ${engine}` : ''}
Severity  ${severity}${obligation ? `: ${obligation.hurt}` : ''}
${obligation ? `Eras      ${obligation.eras}\n` : ''}Why       ${why}
Source    ${source}
Remedy    ${remedy}
`
}
