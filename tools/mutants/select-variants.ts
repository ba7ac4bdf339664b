import { nearest } from '../../harness/cli/nearest.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { areaOf } from '../../harness/model/areas.ts'
import { CallFault } from '../../harness/model/faults.ts'
import { hasXenHost } from '../../harness/model/xen-architecture.ts'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'
import { staticEquivalents } from '../equivalents/static-equivalents.ts'
import { type BootVariant, bootEquivalentVariants, bootMutantVariants } from './boot-variants.ts'
import type { MutantsCall } from './mutants-call.ts'
import { staticMutants } from './static-mutants.ts'

/** A static variant on one architecture, and what must fail on it. */
export interface StaticSelection {
  id: string
  arch: ArchitectureName
  expected: readonly string[]
  recipe: RecipeName
}

export interface Selection {
  staticVariants: StaticSelection[]
  bootVariants: { arch: ArchitectureName; variant: BootVariant }[]
}

interface Named {
  id: string
  fails: readonly string[]
}

interface StaticNamed extends Named {
  recipe: RecipeName
}

const staticOnes: readonly StaticNamed[] = [...staticMutants, ...staticEquivalents].map(
  ({ id, recipe = 'vpdmn', ...variant }) => ({
    id,
    recipe,
    fails: 'fails' in variant ? (variant.fails as readonly string[]) : [],
  }),
)
const bootOnes: readonly BootVariant[] = [...bootMutantVariants, ...bootEquivalentVariants]

/** The variants that a call asks for. Throws CallFault for names and areas that none has. */
export function selectVariants(options: MutantsCall): Selection {
  refuseUnknown(
    'only',
    options.only,
    [...staticOnes, ...bootOnes].map(({ id }) => id),
  )
  refuseUnknown(
    'area',
    options.areas,
    [...staticOnes, ...bootOnes].flatMap(({ fails }) => fails.map(areaOf)),
  )
  const isWanted = ({ id, fails }: Named) =>
    (options.only.length === 0 || options.only.includes(id)) &&
    (options.areas.length === 0 || fails.some((requirement) => options.areas.includes(areaOf(requirement))))
  const staticWanted = options.static ? staticOnes.filter(isWanted) : []
  const bootWanted = options.boot ? bootOnes.filter(isWanted) : []
  return {
    staticVariants: options.architectures.flatMap((arch) =>
      staticWanted.map(({ id, fails, recipe }) => ({ id, arch, expected: fails, recipe })),
    ),
    bootVariants: options.architectures.flatMap((arch) =>
      bootWanted.filter(({ suite }) => suite !== 'xen' || hasXenHost(arch)).map((variant) => ({ arch, variant })),
    ),
  }
}

function refuseUnknown(option: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((word) => !known.includes(word))
  if (unknown === undefined) return
  const suggestion = nearest(unknown, known)
  throw new CallFault(`--${option}: there is no ${unknown}${suggestion ? `; did you mean ${suggestion}?` : '.'}`)
}
