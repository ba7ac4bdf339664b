import { nearest } from '../../harness/cli/nearest.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { CallFault } from '../../harness/model/faults.ts'
import { staticEquivalents } from '../equivalents/static-equivalents.ts'
import { type BootVariant, bootEquivalentVariants, bootMutantVariants } from './boot-variants.ts'
import type { MutantsCall } from './mutants-call.ts'
import { areaOf } from './outcome.ts'
import { staticMutants } from './static-mutants.ts'

/** A static variant on one architecture, and what must fail on it. */
export interface StaticSelection {
  id: string
  arch: ArchitectureName
  expected: readonly string[]
}

export interface Selection {
  staticVariants: StaticSelection[]
  bootVariants: { arch: ArchitectureName; variant: BootVariant }[]
}

interface Named {
  id: string
  fails: readonly string[]
}

const staticOnes: readonly Named[] = [...staticMutants, ...staticEquivalents.map(({ id }) => ({ id, fails: [] }))]
const bootOnes: readonly BootVariant[] = [...bootMutantVariants, ...bootEquivalentVariants]

/** The variants that a call asks for. Throws CallFault for names and areas that none has. */
export function selectVariants(call: MutantsCall): Selection {
  refuseUnknown(
    'only',
    call.only,
    [...staticOnes, ...bootOnes].map(({ id }) => id),
  )
  refuseUnknown(
    'area',
    call.areas,
    [...staticOnes, ...bootOnes].flatMap(({ fails }) => fails.map(areaOf)),
  )
  const isWanted = ({ id, fails }: Named) =>
    (call.only.length === 0 || call.only.includes(id)) &&
    (call.areas.length === 0 || fails.some((requirement) => call.areas.includes(areaOf(requirement))))
  const staticWanted = call.static ? staticOnes.filter(isWanted) : []
  const bootWanted = call.boot ? bootOnes.filter(isWanted) : []
  return {
    staticVariants: call.architectures.flatMap((arch) =>
      staticWanted.map(({ id, fails }) => ({ id, arch, expected: fails })),
    ),
    bootVariants: call.architectures.flatMap((arch) => bootWanted.map((variant) => ({ arch, variant }))),
  }
}

function refuseUnknown(option: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((word) => !known.includes(word))
  if (unknown === undefined) return
  const suggestion = nearest(unknown, known)
  throw new CallFault(`--${option}: there is no ${unknown}${suggestion ? `; did you mean ${suggestion}?` : '.'}`)
}
