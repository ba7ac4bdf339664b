import { describe, expect, test } from 'vitest'
import { allNeeds } from '../../../fixtures/kernels/all-needs.ts'
import { debianKernels, kernelOf, without } from '../../../fixtures/kernels/debian-kernels.ts'
import { judgeNeed } from './judge-need.ts'
import { consoleNeeds } from './needs/boot-needs.ts'
import type { KernelNeed } from './shipped-kernel.ts'

const inImage = { folders: [], ofKernel: new Set<string>() }
const optionsOf = ({ options }: KernelNeed): string[] => Object.keys(options)

describe.each(debianKernels)('the kernel $name', ({ name, arch, text }) => {
  const foreign = Object.entries(consoleNeeds).flatMap(([each, need]) => (each === arch ? [] : [need]))
  const needs = allNeeds.filter((need) => !foreign.includes(need))
  const kernel = kernelOf(text)

  test('has all that any image may ask, but for 9p where it is for clouds', () => {
    const unmet = needs.filter((need) => judgeNeed({ kernel, inImage }, need).is !== 'met')
    expect(unmet.flatMap(optionsOf)).toEqual(name.includes('cloud') ? ['NET_9P', 'NET_9P_VIRTIO', '9P_FS'] : [])
  })

  test('is told apart from one that has any of it off', () => {
    const overlooked = needs.filter((need) => {
      const changed = without(kernel, ...optionsOf(need))
      return judgeNeed({ kernel: changed, inImage }, need).is !== 'off'
    })
    expect(overlooked).toEqual([])
  })
})
