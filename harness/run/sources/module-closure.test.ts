import { expect, test } from 'vitest'
import { ModuleTexts } from './module-closure.ts'

const texts = new ModuleTexts()

test('the modules that a test loads are found, through others and where they are loaded late, without what gives types alone', () => {
  const found = texts.closure(['suites/podman/info.test.ts'])
  expect(found).toContain('harness/machine/template.ts')
  expect(found).toContain('suites/podman/requirements/faults.ts')
  expect(found).not.toContain('harness/guest/prepare/coordinates.ts')
  expect(texts.closure(['harness/cli/verify/verify-images.ts'])).toContain('harness/cli/verify/measure-images.ts')
})

test('a leaf is there, and what it loads is not', () => {
  const found = texts.closure(['suites/podman/info.test.ts'], ['suites/requirements.ts'])
  expect(found).toContain('suites/requirements.ts')
  expect(found).not.toContain('suites/performance/requirements.ts')
})
