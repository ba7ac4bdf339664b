import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { debianKernel } from '../../fixtures/kernels/debian-kernels.ts'
import type { CheckCase, ExpectedFinding } from '../../fixtures/static/cases/check-case.ts'
import { rowsIn } from '../../fixtures/static/rows-in.ts'
import { squashfsOf, type TinyEdit, tinyTrees } from '../../fixtures/static/tiny-image.ts'
import type { TinyTree } from '../../fixtures/static/tiny-tree.ts'
import type { ImageFile } from '../../harness/image/image-file.ts'
import { openImageFile } from '../../harness/image/open-image-file.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { VariantFile } from '../../harness/image/variant/variant-file.ts'
import { inspectImage } from '../../harness/inspect/inspect-image.ts'
import { type EngineName, engineNames } from '../../harness/model/engine.ts'
import { isAskedOf } from '../../harness/model/requirement.ts'
import type { RequirementResult } from '../../harness/model/result.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { BuiltInProfile } from '../../harness/profile/built-in-profiles.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import { VariantJudge } from '../../tools/mutants/judge-variant.ts'
import { staticMutants } from '../../tools/mutants/static-mutants.ts'
import { checkImage, staticRequirements } from './check-image.ts'

const allCases = await rowsIn<CheckCase>(join(projectFolder, 'fixtures/static/cases'))
const folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0

/** By which the tiny tree of an engine is judged. */
const profileOf: Record<EngineName, BuiltInProfile> = { podman: 'vpdmn', docker: 'vdkr' }

async function check({
  engine = 'podman',
  edit = () => undefined,
  image,
  damage,
  kernel,
  deployed,
  profile: change,
}: Partial<CheckCase>): Promise<RequirementResult[]> {
  const profile = await loadProfile(profileOf[engine])
  change?.(profile)
  const isPacked = image !== undefined || damage !== undefined
  const path = isPacked
    ? await squashfsOf(join(folder, `${imageCount++}.squashfs`), edited(engine, edit), image)
    : changed.withTree((tree) => replaceAll(tree, edited(engine, edit)))
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
    if (isPacked) rmSync(path)
  }
}

function edited(engine: EngineName, edit: TinyEdit): TinyTree {
  const tree = tinyTrees[engine]()
  edit(tree)
  return tree
}

/** Puts a tiny tree in the place of what is there: mksquashfs would take longer than all checks. */
function replaceAll(tree: ImageTree, tiny: TinyTree): void {
  for (const path of tree.entries.keys()) if (tree.has(path)) tree.remove(path)
  for (const [path, entry] of tiny) {
    if (entry.type === 'hard-link') {
      tree.makeHardLink(path, entry.target)
      continue
    }
    const owner = { userId: 0, groupId: 0, ...('owner' in entry && entry.owner) }
    tree.set(path, {
      ...owner,
      kind: entry.type === 'link' ? 'symlink' : entry.type,
      modifiedS: tree.dateS,
      permissions: ('mode' in entry && entry.mode) || (entry.type === 'folder' ? 0o755 : 0o644),
      ...(entry.type === 'link' && { target: entry.target }),
      ...(entry.type === 'file' && { content: Buffer.from(entry.content), hasCapability: entry.capabilities === true }),
    })
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

function expectFinding(failed: readonly RequirementResult[], finds: ExpectedFinding): void {
  const findings = failed.flatMap((result) => result.findings)
  const matching = findings.filter(({ message, path }) => finds.message.test(message) && (finds.path ?? path) === path)
  expect(matching, JSON.stringify(findings)).not.toEqual([])
}

/** Changes the tiny image as it does the reference images. */
let mutants: VariantJudge
let changed: VariantFile
beforeAll(async () => {
  const image = await squashfsOf(join(folder, 'tiny.squashfs'), tinyTrees.podman())
  const docker = await squashfsOf(join(folder, 'tiny-docker.squashfs'), tinyTrees.docker())
  mutants = new VariantJudge('x86_64', { vpdmn: image, vdkr: docker }, folder)
  changed = new VariantFile(image, 'x86_64', join(folder, 'changed.squashfs'))
})
afterAll(() => {
  mutants.close()
  changed.close()
})

test.each(engineNames)('what is asked of %s is answered for its tiny tree, and nothing else is', async (engine) => {
  const asked = [...staticRequirements.values()].filter((requirement) => isAskedOf(engine, requirement))
  const results = await check({ engine })
  expect(results.map(({ id }) => id)).toEqual(asked.map(({ id }) => id))
  expect(failures(results)).toEqual([])
})

describe('the catalogue', () => {
  test('has a defect for every requirement', () => {
    // CFG-001 only informs, so nothing can break it.
    const ids = [...staticRequirements.keys()].filter((id) => id !== 'CFG-001')
    const found = [...allCases, ...staticMutants.flatMap(({ fails, finds }) => fails.map((id) => ({ id, finds })))]
    expect(ids.filter((id) => !found.some((each) => each.id === id && each.finds))).toEqual([])
    expect(allCases.filter(({ id }) => !staticRequirements.has(id))).toEqual([])
  })

  test.each(allCases.filter(({ finds }) => finds))('$id finds $name', async ({ finds, ...defect }) => {
    const failed = failures(await check(defect))
    const own = failed.filter(({ id }) => id === defect.id)
    expect(own).toMatchObject([{ status: 'fail' }])
    expectFinding(own, finds as ExpectedFinding)
    const allowed = [defect.id, ...(defect.also ?? [])]
    expect(failed.map(({ id }) => id).filter((id) => !allowed.includes(id))).toEqual([])
  })

  test.each(staticMutants.filter(({ finds }) => finds))(
    '$fails finds in the mutant $id what $finds.message says',
    async (mutant) => {
      const failed = await mutants.failures(mutant)
      expect(failed.map(({ id }) => id).sort()).toEqual([...mutant.fails].sort())
      expectFinding(failed, mutant.finds as ExpectedFinding)
    },
  )

  const satisfied = new Set<string>()
  const tiny = engineNames.map((engine) => ({
    id: 'each',
    name: `the tiny tree of ${engine}, or says why it skips it`,
    engine,
  }))
  test.each<CheckCase>([...tiny, ...allCases.filter(({ finds }) => !finds)])('$id accepts $name', async (variant) => {
    const results = await check(variant)
    expect(failures(results).filter(({ id }) => !variant.also?.includes(id))).toEqual([])
    for (const { id, status, findings } of results)
      if (status === 'pass') satisfied.add(id)
      else expect(findings[0]?.message).toMatch(/\w.*\.$/)
  })

  test('looks at something in the tiny tree or in a valid variant of it, whatever the requirement', () => {
    expect([...staticRequirements.keys()].filter((id) => !satisfied.has(id))).toEqual([])
  })
})
