import { expect, test } from 'vitest'
import { architectureNames, architectures } from '../model/architecture.ts'
import type { ProcessorFeature } from '../model/processor-feature.ts'
import { processorModels, quickCpu, quickestOf } from './processor-models.ts'

test.each<['x86_64' | 'aarch64', ProcessorFeature[]]>([
  ['x86_64', []],
  ['x86_64', ['x86-64-v2']],
  ['x86_64', ['x86-64-v3']],
  ['aarch64', []],
  ['aarch64', ['lse']],
  ['aarch64', ['lse', 'sve']],
])('on %s, the model for %j has it, and none that has it was quicker in each round than it in any', (arch, needed) => {
  const chosen = processorModels[arch].find(({ cpu }) => cpu === quickCpu(arch, needed))
  expect(chosen?.has).toEqual(expect.arrayContaining(needed))
  const able = processorModels[arch].filter(({ has }) => needed.every((feature) => has.includes(feature)))
  expect(Math.min(...able.map(({ podman: [, , most] }) => most))).toBeGreaterThanOrEqual(chosen?.podman[0] as number)
})

test('a model takes the place of one before it only where it was quicker in each round than that in any', () => {
  const model = (cpu: string, podman: [number, number, number], has: ProcessorFeature[] = []) => ({
    ...{ cpu, has, podman },
    boot: podman,
  })
  const first = model('first', [0.8, 0.9, 1])
  expect(quickestOf([first, model('perhaps', [0.5, 0.6, 0.85])], []).cpu).toBe('first')
  expect(quickestOf([first, model('surely', [0.5, 0.6, 0.75])], []).cpu).toBe('surely')
  expect(quickestOf([first, model('lse', [2, 2, 2], ['lse'])], ['lse']).cpu).toBe('lse')
})

test('what no model has leaves the choice among those that lack the least', () => {
  expect(quickCpu('x86_64', ['x86-64-v3', 'x86-64-v4'])).toBe(quickCpu('x86_64', ['x86-64-v3']))
})

test('the model of runners is measured: all others are told as a share of it', () => {
  for (const arch of architectureNames)
    expect(processorModels[arch].find(({ cpu }) => cpu === architectures[arch].contractCpu)?.boot).toEqual([1, 1, 1])
})
