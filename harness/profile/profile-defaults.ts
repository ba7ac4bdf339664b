import { defaultEngine } from '../model/engine.ts'

/** What profiles mean that were written before there were these keys. Apart from the schema, since TypeBox is slow to load. */
export const profileDefaults = { contract: { engine: defaultEngine }, programs: { forbidden: [] as string[] } }
