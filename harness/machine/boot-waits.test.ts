import { expect, test } from 'vitest'
import { initWaits } from './boot-waits.ts'

/** As Linux 6.12 prints it: an initramfs that sleeps, then an init with a sleep of 2 s and a ping of 1 s that overlap. */
const trace = `            init-1       [000] .....     4.000000: sched_process_exec: filename=/init pid=1 old_pid=1
           sleep-101     [001] .....     4.500000: sys_clock_nanosleep(which_clock: 0, flags: 0, rqtp: 7ffc, rmtp: 7ffc)
           sleep-101     [001] .....     4.600000: sys_clock_nanosleep -> 0x0
            init-1       [000] .....     6.000000: sched_process_exec: filename=/init pid=1 old_pid=1
           sleep-120     [001] .....     6.500000: sys_clock_nanosleep(which_clock: 0, flags: 0, rqtp: 7ffc, rmtp: 7ffc)
            ping-121     [000] .....     8.200000: sched_process_exec: filename=/bin/ping pid=121 old_pid=121
           sleep-120     [001] .....     8.500000: sys_clock_nanosleep -> 0x0
            ping-121     [000] .....     9.200000: sched_process_exit: comm=ping pid=121 prio=120`

test('sleeps and pings of init count as waiting, once where they overlap, and what came before does not', () => {
  expect(initWaits(trace, 10_000)).toEqual({ waitMs: 2700, workMs: 1300 })
})

test('a wait that goes on when the image is ready counts up to there', () => {
  expect(initWaits(trace, 7000)).toEqual({ waitMs: 500, workMs: 500 })
})

test('a record without the start of init says nothing', () => {
  expect(initWaits('cat: /sys/kernel/tracing/trace: No such file or directory', 10_000)).toBeUndefined()
})
