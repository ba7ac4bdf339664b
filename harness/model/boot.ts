import { type Static, Type } from '@sinclair/typebox'
import { closedObject } from './closed-object.ts'

/** A part of a boot, in the order in which they follow one another from QEMU's start. */
const phaseSchema = closedObject({
  name: Type.String({ description: 'Such as kernel or init.' }),
  durationMs: Type.Number({ minimum: 0 }),
})

const consoleLineSchema = closedObject({
  atMs: Type.Number({ minimum: 0, description: "From QEMU's start." }),
  text: Type.String({ description: 'Untrusted text, cut off where it is long.' }),
})

/** One boot of the image by the boot suite: one that reached its command, and those of tests that failed. */
export const bootSchema = closedObject({
  requirement: Type.String({ description: 'Which requirement it answered, as an ID.' }),
  endedBy: Type.String({ description: "How the machine ended, in QEMU's words." }),
  durationMs: Type.Number({ minimum: 0 }),
  phases: Type.Array(phaseSchema),
  console: Type.Array(consoleLineSchema, { description: 'The first and the last lines of a long one.' }),
  leftOutLines: Type.Integer({ minimum: 0, description: 'Lines of the console left out in its middle.' }),
})

export type Phase = Static<typeof phaseSchema>
export type Boot = Static<typeof bootSchema>
