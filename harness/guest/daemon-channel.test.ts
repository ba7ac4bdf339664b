import { expect, test } from 'vitest'
import { readDaemonAnswer } from './daemon-channel.ts'

test('output and exit code are read from their markers', () => {
  const text = '===OUTPUT_START===\na\nb\n===OUTPUT_END===\n===EXIT_CODE=3===\n'
  expect(readDaemonAnswer(text)).toEqual({ output: 'a\nb', exitCode: 3 })
})

test('a command without output answers with an empty one', () => {
  expect(readDaemonAnswer('===OUTPUT_START===\n===OUTPUT_END===\n===EXIT_CODE=0===')).toEqual({
    output: '',
    exitCode: 0,
  })
})

test('an error is read with its sentence', () => {
  expect(readDaemonAnswer('===ERROR===\nThat is not base64.\n')).toEqual({ error: 'That is not base64.' })
})

test('an answer without exit code and error is the guest’s fault', () => {
  expect(() => readDaemonAnswer('===OUTPUT_START===\nhalf')).toThrow(/neither ===EXIT_CODE=N=== nor ===ERROR===/)
})
