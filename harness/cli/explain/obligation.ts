import { type EraName, erasWith, features } from '../../contract/eras.ts'
import type { Requirement } from '../../model/requirement.ts'
import type { Severity } from '../../report/schema.ts'

/** Who is hurt by an image that does not meet a requirement of a guest suite: its severity follows from that. */
export const obligations: Readonly<Record<Severity, string>> = {
  blocker: 'a runner or a build of the layer breaks',
  error: 'a runner or a build of the layer breaks',
  warning: 'people are hurt, no runner relies on it',
  info: 'it is told',
}

/** What obliges images to meet a requirement, and of which eras; nothing for suites that are not about the contract. */
export interface Obligation {
  hurt: string
  eras: string
}

export function obligationOf({ suite, severity, feature }: Requirement): Obligation | undefined {
  if (suite === 'static' || suite === 'performance') return undefined
  return { hurt: obligations[severity], eras: erasText(feature) }
}

/** The eras whose images are asked: all of them for what belongs to the base. */
export const erasOf = ({ feature }: Requirement): EraName[] => erasWith(feature)

function erasText(feature: Requirement['feature']): string {
  if (feature === undefined) return 'all'
  return `${erasWith(feature).join(', ')}; others where the init handles ${features[feature].what}`
}
