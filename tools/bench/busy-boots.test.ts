import { expect, test } from 'vitest'
import { EnvironmentFault, GuestFault } from '../../harness/model/faults.ts'
import { busyTable, saidBy } from './busy-boots.ts'

test('an answer, and a machine that is too busy, are right verdicts; all else blames a good image', async () => {
  const outcomes = await Promise.all([
    saidBy(async () => 'alive'),
    saidBy(() =>
      Promise.reject(
        new EnvironmentFault('E_BUSY', 'The machine was too busy: the guest could run for 31 s of 420 s.'),
      ),
    ),
    saidBy(() => Promise.reject(new GuestFault('The machine did not end by itself within 180 s.'))),
    saidBy(async () => undefined),
  ])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    'answered',
    'machine too busy',
    'image blamed',
    'image blamed',
  ])
})

test('the table counts the right verdicts and tells what each guest waited', () => {
  const table = busyTable('x86_64', [
    { outcome: 'answered', waited: 0.874, said: '' },
    { outcome: 'image blamed', waited: 0.2, said: 'it did not come in time.' },
  ])
  expect(table).toContain('x86_64: 1 of 2 verdicts right (1 answered, 0 that the machine was too busy)\n')
  expect(table).toContain('   1  waited  87 %  answered\n   2  waited  20 %  image blamed: it did not come in time.\n')
})

test('what fails around the image is no verdict at all', async () => {
  const broken = new EnvironmentFault('E_QEMU_DIED', 'qemu-system-x86_64 died while the answer was awaited.')
  await expect(saidBy(() => Promise.reject(broken))).rejects.toBe(broken)
})
