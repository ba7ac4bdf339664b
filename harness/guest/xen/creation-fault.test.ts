import { expect, test } from 'vitest'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import { creationFault } from './creation-fault.ts'

test('a kernel that Xen cannot start is the image’s failure, with the options that it lacks', () => {
  const fault = creationFault(
    'xc: error: panic: xg_dom_core.c:702: xc_dom_find_loader: no loader found: Invalid kernel\n',
  )
  expect(fault).toBeInstanceOf(GuestFault)
  expect(fault.message).toContain('CONFIG_XEN_PV')
})

test('all else that keeps a domain from being created is the host’s, in xl’s words', () => {
  const fault = creationFault('libxl: error: not enough memory for the domain\n')
  expect(fault).toBeInstanceOf(EnvironmentFault)
  expect(fault.message).toContain('not enough memory')
})
