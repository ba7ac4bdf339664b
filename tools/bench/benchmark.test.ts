import { expect, test } from 'vitest'
import { inTurn } from './benchmark.ts'

test('two ways are run in turn', async () => {
  const order: string[] = []
  const run = (name: string) => async () => order.push(name)
  expect(await inTurn(2, run('a'), run('b'))).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(order).toEqual(['a', 'b', 'a', 'b'])
})
