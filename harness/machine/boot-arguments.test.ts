import { expect, test } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { bootArguments } from './boot-arguments.ts'
import { contractShape } from './machine-shape.ts'

const shape = { ...contractShape(architectures.x86_64, 'tcg'), kernelParameters: ['shaped'] }
const boot = { kernel: '/cache/bzImage', initramfs: '/cache/initramfs', parameters: ['init=/init'] }

test('a kernel is told its serial console, then the words of the shape, then its own', () => {
  expect(bootArguments(shape, boot)).toEqual([
    ...['-kernel', '/cache/bzImage', '-initrd', '/cache/initramfs'],
    ...['-append', 'console=ttyS0,115200 shaped init=/init'],
  ])
})

test('a hypervisor takes the place of the kernel, which it is handed as a module with its words', () => {
  const hypervisor = { path: '/cache/xen', parameters: ['console=com1', 'dom0_mem=1G,max:1G'] }
  expect(bootArguments(shape, { ...boot, parameters: ['a=1,2'], hypervisor })).toEqual([
    ...['-kernel', '/cache/xen'],
    ...['-initrd', '/cache/bzImage console=hvc0 shaped a=1,,2,/cache/initramfs'],
    ...['-append', 'console=com1 dom0_mem=1G,max:1G'],
  ])
})

test('a path that QEMU would cut at a blank is a fault with a remedy', () => {
  const start = () => bootArguments(shape, { ...boot, hypervisor: { path: '/my cache/xen', parameters: [] } })
  expect(start).toThrow(EnvironmentFault)
  expect(start).toThrow('XDG_CACHE_HOME')
})
