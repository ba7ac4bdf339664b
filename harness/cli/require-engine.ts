import { suitesOf } from '../../suites/all-requirements.ts'
import { type EngineName, engineNames } from '../model/engine.ts'
import { CallFault } from '../model/faults.ts'
import type { SuiteName } from '../model/requirement.ts'

/** Throws CallFault where a command that does in guests what a suite does is given an image of an engine that this suite does not judge. */
export function requireEngine(command: string, suite: SuiteName, path: string, engine: EngineName): void {
  const able = engineNames.filter((name) => suitesOf(name).includes(suite))
  if (able.includes(engine)) return
  throw new CallFault(`${path} is an image of ${engine}; ${command} takes images of ${able.join(' and ')} alone.`)
}
