import { readFileSync, statSync } from 'node:fs'
import { CallFault } from '../model/faults.ts'

/** Reads a file of text whose size has a bound. Throws CallFault, which names it as `what`, for one that cannot be read. */
export function boundedText(path: string, what: string, maxBytes: number): string {
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status) throw new CallFault(`The ${what} ${path} does not exist.`)
  if (!status.isFile()) throw new CallFault(`The ${what} ${path} is not a regular file.`)
  if (status.size > maxBytes)
    throw new CallFault(`The ${what} ${path} has ${status.size} bytes; more than ${maxBytes} are not read.`)
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CallFault(`The ${what} ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}
