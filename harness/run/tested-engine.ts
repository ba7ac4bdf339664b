import { inject } from 'vitest'
import { type Engine, engines, type ParameterName, parameter } from '../contract/engines.ts'

/** The engine of the image under test. */
export const testedEngine = (): Engine => engines[inject('coordinates').engine]

/** A kernel parameter as the runners of its images write it. */
export const testedParameter = (name: ParameterName): string => parameter(name, testedEngine().prefix)
