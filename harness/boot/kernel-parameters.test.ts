import { expect, test } from 'vitest'
import { contractParameters } from './kernel-parameters.ts'

test('a request is spelled in the contract’s names and forms', () => {
  const request = {
    cmd: 'podman info',
    network: true,
    dns: ['1.1.1.1', '9.9.9.9'],
    ninep: false,
    idleTimeoutSeconds: 5,
  }
  expect(contractParameters(request).sort()).toEqual([
    'podman_9p=0',
    'podman_cmd=cG9kbWFuIGluZm8=',
    'podman_dns=1.1.1.1,9.9.9.9',
    'podman_idle_timeout=5',
    'podman_network=1',
  ])
})

test('what is not asked for is not on the command line', () => {
  expect(contractParameters({})).toEqual([])
})
