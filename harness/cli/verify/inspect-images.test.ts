import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { openImageFile } from '../../image/open-image-file.ts'
import { CallFault } from '../../model/faults.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import { inspectImages } from './inspect-images.ts'
import type { Run } from './verify-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'inspect-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('where --arch leaves no image over, each is named with its architecture', async () => {
  const image = await openImageFile(await tinyImage(join(folder, 'tiny.squashfs')))
  const options = parseVerifyCall(['--arch=aarch64', '--suite=static'], folder)
  const run = { options, lifetime: new Lifetime(), userBootFiles: async () => ({}) } as unknown as Run
  const inspecting = inspectImages(run, [{ image, label: 'tiny.squashfs' }])
  await expect(inspecting).rejects.toThrow(new CallFault('--arch asks for aarch64, but tiny.squashfs is for x86_64.'))
})
