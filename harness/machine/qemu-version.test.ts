import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { qemuVersion } from './qemu-version.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qemu-version-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('QEMU tells its version', async () => {
  expect(await qemuVersion(architectures.x86_64)).toMatch(/^\d+\.\d+\.\d+/)
})

test('it is asked once, and again when it was updated', async () => {
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  const calls = join(folder, 'calls')
  for (const version of ['7.2.22', '10.0.7']) {
    const text = `#!/bin/sh\necho >> ${calls}\necho "QEMU emulator version ${version}"\n`
    writeFileSync(join(folder, architectures.x86_64.emulator), text, { mode: 0o755 })
    for (let time = 0; time < 2; time++) expect(await qemuVersion(architectures.x86_64)).toBe(version)
  }
  expect(readFileSync(calls, 'utf8')).toBe('\n\n')
})

test('where there is none, the set-up is named', async () => {
  vi.stubEnv('PATH', folder)
  await expect(qemuVersion(architectures.aarch64)).rejects.toThrow(EnvironmentFault)
})
