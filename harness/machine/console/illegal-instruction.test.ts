import { expect, test } from 'vitest'
import { consoleEvent } from './console-events.ts'
import { exitCodeWords, panicWords } from './illegal-instruction.ts'

test('a program that ended by SIGILL is told as that', () => {
  expect(exitCodeWords(132)).toMatch(/^exit code 132 \(SIGILL: .* instruction/)
  expect(exitCodeWords(1)).toBe('exit code 1')
})

test('so is an init, by the kernel’s panic', () => {
  const panic = (code: string) => ` Kernel panic - not syncing: Attempted to kill init! exitcode=0x${code}`
  expect(panicWords(panic('00000004'))).toContain('init ended by SIGILL')
  expect(panicWords(panic('00000100'))).toBe(panic('00000100').trim())
  expect(panicWords(panic('0000000b'))).not.toContain('SIGILL')
})

test.each([
  '[   12.345678] traps: podman[234] trap invalid opcode ip:55d0c0ffee sp:7ffd0 error:0 in podman[55d0+100000]',
  '[   12.345678] traps: crun[234] trap invalid opcode ip:401136 sp:7ffd0 error:0',
  '[   12.345678] conmon[234]: undefined instruction: pc=0000aaaac0ffee00',
])('the kernel’s word of it is an event: %s', (line) => {
  expect(consoleEvent(line)).toMatchObject({ kind: 'illegal instruction', severity: 'error' })
})
