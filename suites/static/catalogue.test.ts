import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { debianKernel } from '../../fixtures/kernels/debian-kernels.ts'
import { allCases } from '../../fixtures/static/cases/all-cases.ts'
import type { CheckCase } from '../../fixtures/static/cases/check-case.ts'
import { tinyImage } from '../../fixtures/static/tiny-image.ts'
import type { ImageFile } from '../../harness/image/image-file.ts'
import { openImageFile } from '../../harness/image/open-image-file.ts'
import { inspectImage } from '../../harness/inspect/inspect-image.ts'
import type { RequirementResult } from '../../harness/model/result.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import { checkImage, staticRequirements } from './check-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0

async function check({
  edit,
  image,
  damage,
  kernel,
  deployed,
  profile: change,
}: Partial<CheckCase>): Promise<RequirementResult[]> {
  const profile = await loadProfile('vpdmn')
  change?.(profile)
  const path = await tinyImage(join(folder, `${imageCount++}.squashfs`), edit, image)
  if (damage) {
    const bytes = readFileSync(path)
    damage(bytes)
    writeFileSync(path, bytes)
  }
  const inspected = await inspectImage({ ...(await openImageFile(path)), ...deploymentIn(path, deployed) }, profile)
  try {
    return await checkImage(kernel ? { ...inspected, kernel: kernel(debianKernel('x86_64')) } : inspected, profile)
  } finally {
    inspected.close()
    rmSync(path)
  }
}

function deploymentIn(path: string, deployed: CheckCase['deployed']): Pick<ImageFile, 'deployment'> {
  if (deployed === undefined) return {}
  const { stale, bill } = deployed
  const spdx = `${path}.spdx.json`
  if (bill !== undefined) writeFileSync(spdx, bill)
  return { deployment: { ...(stale && { stale }), ...(bill !== undefined && { spdx }) } }
}

const failures = (results: readonly RequirementResult[]) =>
  results.filter(({ status }) => status === 'fail' || status === 'error')

describe('the tiny tree', () => {
  test('has nothing that any requirement objects to, and says why it skips some', async () => {
    const results = await check({})
    expect(failures(results)).toEqual([])
    const skipped = results.filter(({ status }) => status === 'skip')
    expect(skipped.map(({ id }) => id)).toEqual([
      'INI-012',
      'INI-013',
      'CFG-006',
      'CFG-007',
      'POL-004',
      'REG-005',
      'REG-007',
      'CON-007',
      'CON-008',
      'NET-004',
      'NET-005',
      ...['KRN-001', 'KRN-002', 'KRN-003', 'KRN-004', 'KRN-005', 'KRN-006'],
      'SEC-004',
      'DEP-001',
      'DEP-002',
    ])
    for (const { findings } of skipped) expect(findings[0]?.message).toMatch(/\w.*\.$/)
  })
})

describe('the catalogue', () => {
  test('has a defect and a valid variant for every requirement', () => {
    // CFG-001 only informs, so nothing can break it.
    const ids = [...staticRequirements.keys()].filter((id) => id !== 'CFG-001')
    const without = (cases: readonly CheckCase[]) => ids.filter((id) => !cases.some((each) => each.id === id))
    expect(without(allCases.filter(({ finds }) => finds))).toEqual([])
    expect(without(allCases.filter(({ finds }) => !finds))).toEqual([])
    expect(allCases.filter(({ id }) => !staticRequirements.has(id))).toEqual([])
  })

  test.each(allCases.filter(({ finds }) => finds))('$id finds $name', async (defect) => {
    const { id, finds, also = [] } = defect as CheckCase & { finds: NonNullable<CheckCase['finds']> }
    const failed = failures(await check(defect))
    const own = failed.find((result) => result.id === id)
    expect(own?.status).toBe('fail')
    const matching = own?.findings.filter(
      ({ message, path }) => finds.message.test(message) && (finds.path ?? path) === path,
    )
    expect(matching, JSON.stringify(own?.findings)).not.toEqual([])
    expect(failed.map((result) => result.id).filter((failedId) => failedId !== id && !also.includes(failedId))).toEqual(
      [],
    )
  })

  test.each(allCases.filter(({ finds }) => !finds))('$id accepts $name', async (variant) => {
    const failed = failures(await check(variant)).filter(({ id }) => !variant.also?.includes(id))
    expect(failed).toEqual([])
  })
})
