import { areaOf } from '../../harness/model/areas.ts'
import { requirementsOf } from '../../suites/requirements.ts'
import { staticRequirements } from '../../suites/static/check-image.ts'
import { table } from '../documents/tables.ts'
import { type BootVariant, bootMutantVariants } from './boot-variants.ts'
import { staticMutants } from './static-mutants.ts'

interface Breaking {
  fails: readonly string[]
}

/** By area of the static suite: how many requirements some mutant must break, of how many, and by how many mutants; as Markdown. */
export function staticTable(): string {
  const ids = [...staticRequirements.values()].filter(({ severity }) => severity !== 'info').map(({ id }) => id)
  return table(['area', 'requirements', 'reached', 'mutants'], areaRows(ids, staticMutants))
}

/** The same of the suites that need guests. */
export function guestTable(): string {
  const rows = (['boot', 'podman', 'xen', 'performance'] as const).flatMap((suite) => {
    const mutants = bootMutantVariants.filter((variant: BootVariant) => variant.suite === suite)
    const able = requirementsOf([suite], false).filter(({ severity }) => severity !== 'info')
    return areaRows(
      able.map(({ id }) => id),
      mutants,
    ).map((row) => [suite, ...row])
  })
  return table(['suite', 'area', 'requirements', 'reached', 'mutants'], rows)
}

const areaRows = (ids: readonly string[], mutants: readonly Breaking[]): string[][] =>
  [...Map.groupBy(ids, areaOf)].map(([area, inArea]) => [
    area,
    String(inArea.length),
    String(reachedOf(area, mutants).length),
    String(countOf(area, mutants)),
  ])

const reachedOf = (area: string, mutants: readonly Breaking[]): string[] =>
  [...new Set(mutants.flatMap(({ fails }) => fails))].filter((id) => areaOf(id) === area).sort()

const countOf = (area: string, mutants: readonly Breaking[]): number =>
  mutants.filter(({ fails }) => fails.some((id) => areaOf(id) === area)).length
