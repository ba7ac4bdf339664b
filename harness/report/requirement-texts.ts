import { nearest } from '../call/nearest.ts'
import { CallFault } from '../faults.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { padColumns } from './look.ts'

/** What `--list` prints of a requirement, for people and as JSON. */
export type ListedRequirement = Pick<Requirement, 'id' | 'suite' | 'title' | 'severity'>

export function requirementListJson(requirements: Iterable<ListedRequirement>): string {
  const listed = [...requirements].map(({ id, suite, title, severity }) => ({ id, suite, title, severity }))
  return `${JSON.stringify(listed, null, 2)}\n`
}

/** One line a requirement, in columns. */
export function requirementListText(requirements: Iterable<ListedRequirement>): string {
  const listed = [...requirements]
  const columns = (key: 'id' | 'suite' | 'severity') => Math.max(...listed.map((each) => each[key].length)) + 2
  const [idColumns, suiteColumns, severityColumns] = [columns('id'), columns('suite'), columns('severity')]
  const line = ({ id, suite, severity, title }: ListedRequirement) =>
    `${padColumns(id, idColumns)}${padColumns(suite, suiteColumns)}${padColumns(severity, severityColumns)}${title}\n`
  return listed.map(line).join('')
}

/** Finds the requirement that `--explain` names, in either case of letters. Throws CallFault where there is none. */
export function findRequirement(id: string, requirements: ReadonlyMap<string, Requirement>): Requirement {
  const found = requirements.get(id.toUpperCase())
  if (found) return found
  const suggestion = nearest(id, [...requirements.keys()])
  throw new CallFault(
    `There is no requirement "${id}"${suggestion ? `; did you mean ${suggestion}?` : '; --list shows all.'}`,
  )
}
