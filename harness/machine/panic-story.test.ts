import { expect, test } from 'vitest'
import { panicStory } from './panic-story.ts'

const panic = '[    2.100000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00'
const consoleOf = (...texts: string[]) => ({ lines: texts.map((text, atMs) => ({ text, atMs })) })

test('a panic’s words quote what the last program said', () => {
  const story = panicStory(
    consoleOf('starting', '/lib/libc.so.6: CPU ISA level is lower than required', '[    2.0] Call Trace:', '', panic),
    panic,
  )
  expect(story).toBe(`${panic}; before it the console had: /lib/libc.so.6: CPU ISA level is lower than required`)
})

test('and the kernel’s own line where no program said anything', () => {
  const mount = '[    1.900000] squashfs: Unknown parameter'
  expect(panicStory(consoleOf(mount, panic), panic)).toContain(mount)
})

test('a panic that stands alone is its own words', () => {
  expect(panicStory(consoleOf(panic), panic)).toBe(panic)
  expect(panicStory(consoleOf(), panic)).toBe(panic)
})
