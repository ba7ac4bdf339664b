import { expect, test } from 'vitest'
import { contractParameters, runnerParameters } from './request.ts'

test('a request is spelled in the contract’s names and forms, in the order of runners', () => {
  const request = {
    ...{ ca: true, auth: true, ninep: true, network: true, idleTimeoutSeconds: 5 },
    ...{ dns: ['1.1.1.1', '9.9.9.9'], cmd: 'podman info' },
    registry: { name: 'registry.test', user: 'ada', password: 'secret' },
  }
  expect(contractParameters(request)).toEqual([
    'podman_cmd=cG9kbWFuIGluZm8=',
    'podman_input=none',
    'podman_output=text',
    'podman_network=1',
    'podman_dns=1.1.1.1,9.9.9.9',
    'podman_registry=registry.test',
    'podman_registry_secure=1',
    'podman_registry_user=ada',
    'podman_registry_pass=c2VjcmV0',
    'podman_9p=1',
    'podman_idle_timeout=5',
    'podman_auth=1',
    'podman_ca=1',
  ])
})

test('what is not asked for is not on the command line, but for input and output, which runners always send', () => {
  expect(contractParameters({ network: false })).toEqual(['podman_input=none', 'podman_output=text'])
})

test('the init for Xen takes its parameters with the other engine’s prefix', () => {
  expect(contractParameters({ cmd: 'a' }, 'docker_')).toEqual([
    'docker_cmd=YQ==',
    'docker_input=none',
    'docker_output=text',
  ])
})

test('a runner is quiet only where the user looks at the console', () => {
  const common = ['init=/init', 'runtime=podman', 'podman_input=none', 'podman_output=text']
  expect(runnerParameters({})).toEqual(common)
  expect(runnerParameters({ interactive: true })).toEqual(['quiet', 'loglevel=0', ...common, 'podman_interactive=1'])
})
