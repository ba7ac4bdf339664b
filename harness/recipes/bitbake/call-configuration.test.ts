import { expect, test } from 'vitest'
import { callConfiguration } from './call-configuration.ts'

test('adds multiconfigs to those of the build folder, and forces only where asked to', () => {
  const text = callConfiguration({ multiconfigs: ['one', 'two'], force: true })
  expect(text.split('\n').slice(1)).toEqual([
    `VPDMN_CONFORMANCE_NAMED := "\${@d.getVar('BBMULTICONFIG') or ''}"`,
    `BBMULTICONFIG := "\${@' '.join(dict.fromkeys((d.getVar('VPDMN_CONFORMANCE_NAMED') or '').split() + 'one two'.split()))}"`,
    'VCONTAINER_FORCE_BUILD = "1"',
    '',
  ])
  expect(callConfiguration({ multiconfigs: ['one'], force: false })).not.toContain('FORCE')
})
