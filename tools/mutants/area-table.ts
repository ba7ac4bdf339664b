import { requirementsOf } from '../../suites/requirements.ts'
import { staticRequirements } from '../../suites/static/check-image.ts'
import { type BootVariant, bootMutantVariants } from './boot-variants.ts'
import { areaOf } from './outcome.ts'
import { staticMutants } from './static-mutants.ts'

interface Breaking {
  fails: readonly string[]
}

/** By area: how many requirements some mutant must break, of how many, and by how many mutants; as Markdown. */
export function staticTable(): string {
  const ids = [...staticRequirements.values()].filter(({ severity }) => severity !== 'info').map(({ id }) => id)
  const rows = [...Map.groupBy(ids, areaOf)].map(
    ([area, inArea]) =>
      `| ${area} | ${inArea.length} | ${reachedOf(area, staticMutants).length} | ${countOf(area, staticMutants)} |`,
  )
  return ['| area | requirements | reached | mutants |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

/** The same of the suites that need guests. */
export function bootTable(): string {
  const rows = (['boot', 'podman', 'performance'] as const).flatMap((suite) => {
    const mutants = bootMutantVariants.filter((variant: BootVariant) => variant.suite === suite)
    const able = requirementsOf([suite], false).filter(({ severity }) => severity !== 'info')
    const byArea = Map.groupBy(
      able.map(({ id }) => id),
      areaOf,
    )
    return [...byArea].map(
      ([area, inArea]) =>
        `| ${suite} | ${area} | ${inArea.length} | ${reachedOf(area, mutants).length} | ${countOf(area, mutants)} |`,
    )
  })
  return ['| suite | area | requirements | reached | mutants |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  )
}

const reachedOf = (area: string, mutants: readonly Breaking[]): string[] =>
  [...new Set(mutants.flatMap(({ fails }) => fails))].filter((id) => areaOf(id) === area).sort()

const countOf = (area: string, mutants: readonly Breaking[]): number =>
  mutants.filter(({ fails }) => fails.some((id) => areaOf(id) === area)).length
