import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SuiteName } from '../../model/requirement.ts'
import type { Status } from '../../model/status.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import type { VerifyRun } from '../verify-call.ts'
import type { JudgedImage } from './image-states.ts'
import { offerKeptGuests } from './kept-guests.ts'
import type { Run } from './verify-run.ts'

let out: string
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'kept-guests-'))
})
afterEach(() => rmSync(out, { recursive: true }))

const image = (suite: SuiteName, status: Status) =>
  ({
    label: 'my image',
    arch: 'aarch64',
    image: { path: '/images/my image', sizeBytes: 1, sha256: '' },
    requirements: [{ id: 'X-001', suite, status }],
  }) as unknown as JudgedImage

/** What is said at the end of a run. */
async function said(images: JudgedImage[], ...args: string[]): Promise<string> {
  const options = parseVerifyCall(['--on-failure=snapshot', `--out=${out}`, ...args], '/here') as VerifyRun
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await offerKeptGuests({ options } as Run, images)
  const lines = written.mock.calls.map(([line]) => line).join('')
  written.mockRestore()
  return lines
}

const command = "npx zx harness/shell.mjs '/images/my image' --arch aarch64"

test('each kept guest comes with the command that opens it', async () => {
  const folder = join(out, 'snapshots', '0-aarch64', 'RUN-001')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'guest.json'), '{}')
  expect(await said([image('podman', 'fail')])).toBe(`Kept: npx zx harness/shell.mjs --snapshot ${folder}\n`)
})

test('where a boot failed nothing is kept, and the command boots another one', async () => {
  for (const suite of ['boot', 'podman'] as const)
    expect(await said([image(suite, 'fail')])).toBe(
      `Of my image a boot failed, whose machine is gone. One booted as it was: ${command} --boot; with --init-hang instead, before its init\n`,
    )
})

test('the command has the user’s kernel', async () => {
  expect(await said([image('boot', 'fail')], '--kernel', 'k')).toContain(`: ${command} --kernel /here/k --boot;`)
})

test('nothing is said where all is well', async () => {
  expect(await said([image('boot', 'pass'), image('podman', 'skip')])).toBe('')
})
