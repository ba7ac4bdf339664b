import { EnvironmentFault } from '../../model/faults.ts'
import type { ExactBoot } from './exact-boot.ts'

/**
 * Two boots of one image on the exact machine must be the same to the last digit, time stamps of the kernel included.
 * Throws EnvironmentFault with what differed first: it says nothing about the image.
 */
export function requireIdentical(what: string, first: ExactBoot, second: ExactBoot): void {
  const difference = firstDifference(first, second)
  if (difference === undefined) return
  throw new EnvironmentFault(
    'E_INEXACT',
    `The environment is not deterministic: two exact boots of ${what} differ. First: ${difference}. ` +
      'This is not a regression; is another QEMU on the path, or is the image’s own output timed by the host?',
  )
}

function firstDifference(first: ExactBoot, second: ExactBoot): string | undefined {
  const line = first.lines.findIndex((text, index) => text !== second.lines[index])
  if (line >= 0) return `line ${line + 1} of the console was "${first.lines[line]}", then ${quoted(second.lines[line])}`
  if (second.lines.length > first.lines.length)
    return `the console ended, then went on with "${second.lines[first.lines.length]}"`
  const phase = first.times.find(
    ({ workNs, waitNs }, index) => workNs !== second.times[index]?.workNs || waitNs !== second.times[index]?.waitNs,
  )
  return (
    phase && `the phase ${phase.phase} took ${phase.workNs} ns of work and ${phase.waitNs} ns of waiting, then others`
  )
}

const quoted = (text: string | undefined): string => (text === undefined ? 'nothing' : `"${text}"`)
