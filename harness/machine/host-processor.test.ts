import { expect, test } from 'vitest'
import { hostProcessor, processorOf } from './host-processor.ts'

const cpuinfo = (microcode: string, mhz: string) =>
  [0, 1]
    .map(
      (number) =>
        `processor\t: ${number}\nmodel name\t: Some CPU\ncpu MHz\t\t: ${mhz}\nmicrocode\t: ${microcode}\nflags\t\t: fpu avx2\nbogomips\t: ${mhz}`,
    )
    .join('\n\n')

test('the processor is told by model, flags and microcode, not by what changes from moment to moment', () => {
  expect(processorOf(cpuinfo('0x1', '2000'))).toBe('model name\t: Some CPU\nmicrocode\t: 0x1\nflags\t\t: fpu avx2')
  expect(processorOf(cpuinfo('0x1', '2100'))).toBe(processorOf(cpuinfo('0x1', '2000')))
  expect(processorOf(cpuinfo('0x2', '2000'))).not.toBe(processorOf(cpuinfo('0x1', '2000')))
})

test('this machine’s processor is told, the same each time', async () => {
  expect(await hostProcessor()).toMatch(/^(?:flags|Features)\s*:/m)
  expect(await hostProcessor()).toBe(await hostProcessor())
})
