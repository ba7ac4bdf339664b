import { inject } from 'vitest'
import { type Dialect, dialects } from '../contract/dialects.ts'
import { type Engine, engines, type ParameterName, parameter } from '../contract/engines.ts'
import { importCommand } from '../contract/request.ts'

/** The engine of the image under test. */
export const testedEngine = (): Engine => engines[inject('coordinates').engine]

/** A kernel parameter as the runners of its images write it. */
export const testedParameter = (name: ParameterName): string => parameter(name, testedEngine().prefix)

/** What the engine of the image under test says otherwise than others. */
export const testedDialect = (): Dialect => dialects[inject('coordinates').engine]

/** How its runners bring the image of an OCI layout into the store. */
export const testedImport = (layout: string, name: string): string =>
  importCommand(layout, name, inject('coordinates').engine)
