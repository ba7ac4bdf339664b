import { expect, test } from 'vitest'
import { readDaemonAnswer } from './daemon-channel.ts'

test('output and exit code are read from their markers', () => {
  const text = '===OUTPUT_START===\na\nb\n===OUTPUT_END===\n===EXIT_CODE=3===\n'
  expect(readDaemonAnswer(text)).toMatchObject({ output: 'a\nb', exitCode: 3 })
})

test('a command without output answers with an empty one', () => {
  expect(readDaemonAnswer('===OUTPUT_START===\n===OUTPUT_END===\n===EXIT_CODE=0===')).toMatchObject({
    output: '',
    exitCode: 0,
  })
})

test('an error is read with its sentence', () => {
  expect(readDaemonAnswer('===ERROR===\nThat is not base64.\n')).toMatchObject({ error: 'That is not base64.' })
})

test('an answer that breaks off is read as far as it goes', () => {
  expect(readDaemonAnswer('===OUTPUT_START===\nhalf')).toEqual({ text: '===OUTPUT_START===\nhalf' })
  expect(readDaemonAnswer('===OUTPUT_START===\na\n===OUTPUT_END===\n')).toMatchObject({ output: 'a' })
})

test('a million starts without an end are read at once', () => {
  const text = '===OUTPUT_START===\n'.repeat(1_000_000)
  const startedMs = performance.now()
  expect(readDaemonAnswer(text)).toEqual({ text })
  expect(performance.now() - startedMs).toBeLessThan(5000)
})
