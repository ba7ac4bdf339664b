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

test.each(['the work', 'the outer lifetime'])('a lifetime within another ends with %s, and once', async (ends) => {
  const outer = new Lifetime()
  const ended: string[] = []
  await outer.within(async (own) => {
    own.defer(() => ended.push('own'))
    if (ends === 'the outer lifetime') await outer.end()
    ended.push('work')
  })
  await outer.end()
  expect(ended).toEqual(ends === 'the work' ? ['work', 'own'] : ['own', 'work'])
})

test('it says what is awaited while it ends, in a lifetime within it too', async () => {
  const outer = new Lifetime()
  const seen: (string | undefined)[] = []
  outer.defer(() => seen.push(outer.awaited), 'the folder')
  outer.defer(() => seen.push(outer.awaited))
  await outer.within(async (own) => {
    own.defer(() => seen.push(outer.awaited), 'the machine')
    await outer.end()
  })
  expect([...seen, outer.awaited]).toEqual(['the machine', undefined, 'the folder', undefined])
})

test('a signal ends it before anything is undone, and what it did is told', async () => {
  const lifetime = new Lifetime()
  const seen: string[] = []
  lifetime.defer(() => seen.push('undone'))
  lifetime.onInterrupt(async (signal) => {
    seen.push(`${signal}, ended: ${lifetime.hasEnded}`)
    return 'There is a report.'
  })
  lifetime.onInterrupt(async () => undefined)
  expect(await lifetime.interrupt('SIGTERM')).toEqual(['There is a report.'])
  await lifetime.end()
  expect(seen).toEqual(['SIGTERM, ended: true', 'undone'])
})
