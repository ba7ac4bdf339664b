import { guestBusybox } from '../guest/guest-agent.ts'

/**
 * The time that the host ran something else in place of the guest's processors, in ticks, as a line: the eighth figure of /proc/stat.
 * Under KVM it passes without the command working or waiting (proc_stat(5); Linux, include/uapi/asm-generic/param.h).
 */
const stolenBy = (word: string): string => `read -r _ _ _ _ _ _ _ _ ticks _ </proc/stat; echo ${word} "$ticks"`
const ticksPerSecond = 100

/** Runs a command of podman's in the guest and prints what `commandWait` reads. */
export const timedCommand = (command: string): string =>
  `${stolenBy('before')}; ${guestBusybox} time -p podman ${command} 2>&1 > /dev/null; ${stolenBy('after')}`

/** How long a command neither worked nor ended, in seconds: at least and at most. */
export interface CommandWait {
  leastS: number
  mostS: number
}

/**
 * What is known of a command's wait. A guest without the host's help cannot see that it was not run: what its processor was
 * late to wake up looks like waiting, what it was late to go on with looks like work. So the longest time in which the host can have kept
 * the guest from running is waiting at most.
 */
export function commandWait(printed: string, delayS: number): CommandWait {
  const workedS = seconds(printed, 'user') + seconds(printed, 'sys')
  const stolenS = (seconds(printed, 'after') - seconds(printed, 'before')) / ticksPerSecond
  const elsewhereS = seconds(printed, 'real') - workedS
  return { leastS: elsewhereS - Math.max(stolenS, delayS), mostS: elsewhereS - stolenS }
}

/** Duration, work in the program and work in the kernel, in seconds, as POSIX's time(1) prints them; and ticks. */
const seconds = (printed: string, word: string): number =>
  Number(new RegExp(`^${word} ([0-9.]+)$`, 'm').exec(printed)?.[1])
