import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallFault } from '../model/faults.ts'
import { shardOfEnvironment } from './shard-of-environment.ts'

const slurm = (id: number, min: number, count: number, step?: number) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_COUNT: String(count),
  ...(step !== undefined && { SLURM_ARRAY_TASK_STEP: String(step) }),
})
const kubernetes = (index: string, count?: string) => ({
  JOB_COMPLETION_INDEX: index,
  ...(count !== undefined && { JOB_COMPLETION_COUNT: count }),
})
const gitLab = (index: string, count: string) => ({ CI_NODE_INDEX: index, CI_NODE_TOTAL: count })

test('Kubernetes counts from 0, GitLab from 1', () => {
  expect(shardOfEnvironment(kubernetes('0', '3'), 16)).toEqual({ index: 1, count: 3 })
  expect(shardOfEnvironment(gitLab('3', '3'), 16)).toEqual({ index: 3, count: 3 })
})

test('nodes of Slurm’s array are parts from 1, wherever it begins and whatever its step', () => {
  const arrays = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 9 }))
  fc.assert(
    fc.property(arrays, ([min, count, step]) => {
      const parts = Array.from({ length: count }, (_, node) =>
        shardOfEnvironment(slurm(min + node * step, min, count, step), 16),
      )
      expect(parts.map(({ index }) => index)).toEqual(parts.map((_, node) => node + 1))
    }),
  )
})

test.each([
  ['nothing is set', {}, /found none of/],
  ['the count is missing', kubernetes('0'), /JOB_COMPLETION_COUNT/],
  ['the index is none', kubernetes('x', '3'), /"x", which is no number/],
  ['the index is past the last', kubernetes('3', '3'), /none of 3 nodes from 0/],
  ['the index is before the first', slurm(4, 5, 3), /none of 3 nodes from 5/],
  ['the index is between two steps', slurm(6, 5, 3, 2), /none of 3 nodes/],
  ['GitLab’s index is 0', gitLab('0', '3'), /none of 3 nodes from 1/],
  ['there are too many nodes', gitLab('1', '17'), /from 1 to 16 nodes/],
  ['there is no node', gitLab('1', '0'), /from 1 to 16 nodes/],
])('where %s, the call is wrong', (_, environment, message) => {
  expect(() => shardOfEnvironment(environment, 16)).toThrow(message)
  expect(() => shardOfEnvironment(environment, 16)).toThrow(CallFault)
})
