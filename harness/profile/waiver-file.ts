import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { closedObject } from '../model/closed-object.ts'
import { CallFault } from '../model/faults.ts'
import { readTable } from './profile.ts'
import { type Waiver, waiverSchema } from './profile-schema.ts'

const waiverFileSchema = closedObject({ waivers: Type.Array(waiverSchema) })

/** Loads a waiver file (TOML or JSON, a list `waivers`). Throws CallFault that names the file and the wrong key. */
export async function loadWaivers(path: string): Promise<Waiver[]> {
  const table = readTable(path)
  const error = Value.Errors(waiverFileSchema, table).First()
  if (error) {
    const key = error.path.slice(1).replaceAll('/', '.') || 'its top'
    throw new CallFault(`The waiver file ${path} is wrong at ${key}: ${error.message.toLowerCase()}.`)
  }
  const { waivers } = table as { waivers: Waiver[] }
  const undated = waivers.find((waiver) => Number.isNaN(Date.parse(waiver.expires)))
  if (undated)
    throw new CallFault(`The waiver file ${path} has an invalid date, ${undated.expires} (waiver of ${undated.id}).`)
  return waivers
}
