import { expect, test } from 'vitest'
import { Lifetime } from './lifetime.ts'

test('endings run last first, each once, and one that throws stops none', async () => {
  const lifetime = new Lifetime()
  const ran: string[] = []
  lifetime.defer(() => ran.push('first'))
  lifetime.defer(() => {
    throw new Error('second broke')
  })
  const third = lifetime.defer(() => ran.push('third'))
  await third()
  await third()
  await expect(lifetime.end()).rejects.toThrow('second broke')
  await lifetime.end()
  expect(ran).toEqual(['third', 'first'])
})

test('it is ended from the moment the end begins', async () => {
  const lifetime = new Lifetime()
  expect(lifetime.hasEnded).toBe(false)
  let seen: boolean | undefined
  lifetime.defer(() => {
    seen = lifetime.hasEnded
  })
  await lifetime.end()
  expect(seen).toBe(true)
})
