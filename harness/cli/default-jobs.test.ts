import { expect, test } from 'vitest'
import { defaultJobs } from './default-jobs.ts'

const gib = 1024 ** 3

test.each([
  ['as many as cores', 4, 64 * gib, 4],
  ['fewer where memory is short', 16, 8 * gib, 3],
  ['one where there is hardly any', 2, gib, 1],
  ['never more than an option could ask for', 256, 4096 * gib, 64],
])('%s', (_, cores, freeBytes, jobs) => expect(defaultJobs(cores, freeBytes, 64)).toBe(jobs))
