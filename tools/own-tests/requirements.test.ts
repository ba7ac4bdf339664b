import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { podmanRequirements } from '../../suites/podman/requirements.ts'

const judged = vi.hoisted(() => [] as string[])
vi.mock('../../harness/run/requirement-test.ts', () => ({ requirement: (id: string) => judged.push(id) }))
vi.mock('../../harness/guest/runner/nonces.ts', async (original) => {
  const module = await original<typeof import('../../harness/guest/runner/nonces.ts')>()
  return { ...module, nonces: () => module.noncesOf(1) }
})

vi.mock('../../harness/run/tested-engine.ts', async () => {
  const { parameter, podman } = await import('../../harness/contract/engines.ts')
  const { dialects } = await import('../../harness/contract/dialects.ts')
  const { importCommand } = await import('../../harness/contract/request.ts')
  return {
    testedEngine: () => podman,
    testedDialect: () => dialects.podman,
    testedImport: importCommand,
    testedParameter: parameter,
  }
})

test.each([
  ['boot', bootRequirements],
  ['podman', podmanRequirements],
])('each requirement of the %s suite has one test, and each test a requirement', async (suite, requirements) => {
  judged.length = 0
  for (const file of globSync(`suites/${suite}/*.test.ts`, { cwd: projectFolder }))
    await import(join(projectFolder, file))
  expect(judged.toSorted()).toEqual(requirements.map(({ id }) => id).toSorted())
})
