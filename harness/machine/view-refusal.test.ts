import { expect, test } from 'vitest'
import { viewRefusal } from './view-refusal.ts'

const said = 'bwrap: setting up uid map: Permission denied\nmore'

test.each([
  ['apparmor_restrict_unprivileged_userns', '1', /; AppArmor keeps .*apparmor_restrict_unprivileged_userns=0\)$/],
  ['unprivileged_userns_clone', '0', /; the kernel keeps .*unprivileged_userns_clone=1\)$/],
  ['max_user_namespaces', '0', /; no user name space .*max_user_namespaces=\d+\)$/],
])('where %s is %s, an ordinary user is told how to allow it', (name, value, words) => {
  const refusal = viewRefusal(said, false, (path) => (path.endsWith(name) ? value : undefined))
  expect(refusal).toMatch(/^bubblewrap is refused \(bwrap: setting up uid map: Permission denied; /)
  expect(refusal).toMatch(words)
})

test('a setting that allows it is no reason, nor is one that root is not bound by', () => {
  expect(viewRefusal('', false, (path) => (path.endsWith('restrict_unprivileged_userns') ? '0' : '1'))).toBe(
    'bubblewrap is refused (without a reason)',
  )
  const ofRoot = viewRefusal(said, true, (path) => (path.includes('apparmor') ? '1' : undefined))
  expect(ofRoot).toMatch(/; a container needs/)
  expect(ofRoot).not.toContain('AppArmor')
})
