import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { admitQemu } from '../admit-qemu.ts'
import { parseCompareCall } from './compare-call.ts'
import { compareImages } from './compare-images.ts'

vi.mock('../admit-qemu.ts', () => ({ admitQemu: vi.fn() }))
vi.mock('../../measure/compare/exact-comparison.ts', () => ({
  compareExactly: async () => {
    throw new Error('A guest was started.')
  },
}))

let folder: string
const lifetime = new Lifetime()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-images-'))
})
afterEach(async () => {
  await lifetime.end()
  rmSync(folder, { recursive: true })
})

test('no guest starts before QEMU is held as was asked', async () => {
  const image = await tinyImage(join(folder, 'tiny.squashfs'))
  const options = parseCompareCall([image, image, '--require-sandbox'])
  if (options.action === 'help') throw new Error('These arguments ask for a comparison.')
  vi.mocked(admitQemu).mockRejectedValue(new Error('There is no sandbox.'))
  await expect(compareImages(options, lifetime)).rejects.toThrow('There is no sandbox.')
  expect(vi.mocked(admitQemu).mock.calls[0]?.slice(0, 2)).toEqual(['required', ['x86_64']])
})
