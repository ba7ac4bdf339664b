import type { GuestTemplate } from '../../machine/template.ts'
import { GuestFault } from '../../model/faults.ts'
import type { PreparedTemplate } from './coordinates.ts'

/** A template, or what the image did instead of becoming one, which the tests then report. */
export async function prepareTemplate(make: () => Promise<GuestTemplate>): Promise<PreparedTemplate> {
  try {
    return { template: await make() }
  } catch (error) {
    if (error instanceof GuestFault) return { fault: { message: error.message, evidence: error.evidence } }
    throw error
  }
}
