import { type ObjectOptions, type TProperties, Type } from '@sinclair/typebox'

/** An object with these properties and no others. */
export const closedObject = <P extends TProperties>(properties: P, options: ObjectOptions = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })
