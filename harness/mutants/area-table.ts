import { staticMutants } from '../../fixtures/mutants/static-mutants.ts'
import { requirementsOf } from '../../suites/requirements.ts'
import { staticRequirements } from '../inspect/check-image.ts'
import { type BootVariant, bootMutantVariants } from './boot-variants.ts'
import { areaOf } from './outcome.ts'

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

/** The same of the guest suites, with the requirements that no mutant must break; as Markdown. */
export function bootTable(): string {
  const rows = (['boot', 'podman'] as const).flatMap((suite) => {
    const mutants = bootMutantVariants.filter((variant: BootVariant) => variant.suite === suite)
    const ids = requirementsOf([suite], false).map(({ id }) => id)
    return [...Map.groupBy(ids, areaOf)].map(([area, inArea]) => {
      const reached = reachedOf(area, mutants)
      const missing = inArea.filter((id) => !reached.includes(id)).join(' ')
      return `| ${suite} | ${area} | ${inArea.length} | ${reached.length} | ${countOf(area, mutants)} | ${missing} |`
    })
  })
  const head = [
    '| suite | area | requirements | reached | mutants | not reached |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  return [...head, ...rows, ''].join('\n')
}

const reachedOf = (area: string, mutants: readonly Breaking[]): string[] =>
  [...new Set(mutants.flatMap(({ fails }) => fails))].filter((id) => areaOf(id) === area).sort()

const countOf = (area: string, mutants: readonly Breaking[]): number =>
  mutants.filter(({ fails }) => fails.some((id) => areaOf(id) === area)).length
