import { expect, test } from 'vitest'
import { findingText } from './significance.ts'

test.each([
  [{ message: 'is missing', path: '/usr/bin/crun', remedy: 'Add it.' }, '/usr/bin/crun: is missing\nAdd it.'],
  [{ message: '/etc/hosts does not exist.', path: '/etc/hosts' }, '/etc/hosts does not exist.'],
  [{ message: 'The image is too large.' }, 'The image is too large.'],
])('a finding names its place once: %j', (finding, text) => expect(findingText(finding)).toBe(text))
