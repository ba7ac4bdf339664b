import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyImage } from '../../fixtures/static/tiny-image.ts'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { judgeInParallel, type VariantRequest } from './judge-in-parallel.ts'

const folder = mkdtempSync(join(tmpdir(), 'judge-in-parallel-'))
const lifetime = new Lifetime()
let image: string
beforeAll(async () => {
  image = await tinyImage(join(folder, 'tiny.squashfs'))
})
afterAll(async () => {
  await lifetime.end()
  rmSync(folder, { recursive: true })
})

async function judge(...ids: string[]): Promise<Record<string, string[]>> {
  const recipes = { vpdmn: image, 'vpdmn-wrynose': image, 'vpdmn-2026': image }
  const options = { images: { x86_64: recipes, aarch64: recipes }, folder, jobs: 2, lifetime }
  const verdicts: Record<string, string[]> = {}
  const requests: VariantRequest[] = ids.map((id) => ({ id, arch: 'x86_64' }))
  await judgeInParallel(requests, options, ({ id }, { failed }) => {
    verdicts[id] = failed
  })
  return verdicts
}

const timeoutMs = 120_000

test(
  'each variant is judged by itself, one after the other in each worker',
  async () => {
    const verdicts = await judge(
      'no-hosts',
      'fixed-machine-id',
      'not-a-squashfs',
      'no-policy',
      'older-files',
      'no-hosts',
    )
    expect(verdicts).toEqual({
      'no-hosts': ['FS-010'],
      'fixed-machine-id': ['SEC-002'],
      'not-a-squashfs': ['refused input'],
      'no-policy': ['POL-001'],
      'older-files': [],
    })
  },
  timeoutMs,
)

test(
  'a variant that the image has nothing for is told by its name',
  async () => {
    await expect(judge('no-hosts', 'no-script-command')).rejects.toThrow(
      'The variant no-script-command on x86_64: The image has nothing at /usr/bin/script.',
    )
  },
  timeoutMs,
)
