import { consoleEvent } from '../boot/console-events.ts'

/** What the boot contract's answers and init scripts print when something is wrong, and what only structures the output. */
const contractMarks = [
  { pattern: /^===ERROR===|^ERROR:/, mark: 'error' },
  { pattern: /^(===\w+(=\d+)?===|@@\w*|vcontainer_timing: .*)$/, mark: 'marker' },
] as const

/** Why a line of a console matters: what the kernel tells of, an error of the image, or a marker; undefined for all others. */
export function lineMark(text: string): string | undefined {
  return consoleEvent(text)?.severity ?? contractMarks.find(({ pattern }) => pattern.test(text.trim()))?.mark
}
