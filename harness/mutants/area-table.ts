import { staticMutants } from '../../fixtures/mutants/static-mutants.ts'
import { guestRequirements } from '../../suites/requirements.ts'
import { staticRequirements } from '../inspect/check-image.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { bootMutantVariants } from './boot-variants.ts'
import { areaOf } from './outcome.ts'

/** How many requirements of each area there are, how many a mutant must break, and by how many mutants, as Markdown. */
export function areaTable(): string {
  return [
    '| suite | area | requirements | reached | mutants |',
    '| --- | --- | --- | --- | --- |',
    ...rows('static', [...staticRequirements.values()], staticMutants),
    ...rows('boot', of('boot'), bootMutantVariants),
    ...rows('podman', of('podman'), bootMutantVariants),
    '',
  ].join('\n')
}

const of = (suite: string): readonly Requirement[] => guestRequirements.filter((each) => each.suite === suite)

function rows(
  suite: string,
  requirements: readonly Requirement[],
  mutants: readonly { fails: readonly string[] }[],
): string[] {
  const byArea = Map.groupBy(
    requirements.filter(({ severity }) => severity !== 'info'),
    ({ id }) => areaOf(id),
  )
  return [...byArea].map(([area, inArea]) => {
    const ids = new Set(inArea.map(({ id }) => id))
    const reached = new Set(mutants.flatMap(({ fails }) => fails).filter((id) => ids.has(id)))
    const count = mutants.filter(({ fails }) => fails.some((id) => ids.has(id))).length
    return `| ${suite} | ${area} | ${ids.size} | ${reached.size} | ${count} |`
  })
}
