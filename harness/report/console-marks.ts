import { vcontainerWords } from '../contract/engines.ts'
import { anyMarkerLine, initramfsError, markers } from '../contract/markers.ts'
import { consoleEvent } from '../machine/console/console-events.ts'

/** What the boot contract's answers and init scripts print when something is wrong, and what only structures the output. */
const contractMarks = [
  { pattern: new RegExp(`^${markers.error}|^${initramfsError}`), mark: 'error' },
  { pattern: new RegExp(`${anyMarkerLine.source}|^@@\\w*$|^${vcontainerWords.timing}: .*$`), mark: 'marker' },
] as const

/** Why a line of a console matters: what the kernel tells of, an error of the image, or a marker; undefined for all others. */
export function lineMark(text: string): string | undefined {
  return consoleEvent(text)?.severity ?? contractMarks.find(({ pattern }) => pattern.test(text.trim()))?.mark
}
