import type { GuestConsole } from './console/guest-console.ts'
import { panicWords } from './console/illegal-instruction.ts'

/** What a program says last lies close before the panic; between them are the kernel's registers and its stack. */
const linesBefore = 40
const longestQuotation = 300
/** The kernel's own lines begin with a time (printk.time) or a level. */
const ofKernel = /^\s*(\[\s*\d+\.\d+\]|<\d>)/

/** A panic's line, and the line of a program before it, which mostly says why that ended. */
export function panicStory({ lines }: Pick<GuestConsole, 'lines'>, panic: string): string {
  const texts = lines.map(({ text }) => text)
  const at = texts.lastIndexOf(panic)
  const before = texts.slice(Math.max(0, at - linesBefore), Math.max(0, at)).filter((text) => text.trim() !== '')
  const said = before.findLast((text) => !ofKernel.test(text)) ?? before.at(-1)
  const words = panicWords(panic)
  return said === undefined ? words : `${words}; before it the console had: ${said.trim().slice(0, longestQuotation)}`
}
