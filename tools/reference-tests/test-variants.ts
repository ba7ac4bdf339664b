import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import { staticEquivalents } from '../equivalents/static-equivalents.ts'
import { VariantJudge } from '../mutants/judge-variant.ts'
import { ensureReferenceImages } from '../mutants/reference-images.ts'
import { staticMutants } from '../mutants/static-mutants.ts'
import type { Variant } from '../mutants/variant.ts'

/** A variant takes a second; one that is packed anew some, and more beside other work. */
const timeoutMs = 240_000

/**
 * Tests of every second variant on one architecture, beginning with the one of this index: two files with the two halves are judged side by
 * side. `npm run mutants` judges all on both.
 */
export function testVariants(arch: ArchitectureName, first: 0 | 1): void {
  const folder = mkdtempSync(join(tmpdir(), 'variants-'))
  let judge: VariantJudge
  beforeAll(async () => {
    judge = new VariantJudge(arch, await ensureReferenceImages(arch), folder)
  })
  afterAll(() => {
    judge.close()
    rmSync(folder, { recursive: true })
  })

  const half = <T extends Variant>(variants: readonly T[]): T[] => variants.filter((_, index) => index % 2 === first)

  describe(`on ${arch}`, () => {
    test.each(half(staticMutants))(
      'the mutant $id is seen, by the requirements that it breaks alone',
      async (mutant) => {
        expect((await judge.judge(mutant)).sort()).toEqual([...mutant.fails].sort())
      },
      timeoutMs,
    )

    test.each(half(staticEquivalents))('the harmless variant $id is accepted', async (variant) => {
      expect(await judge.judge(variant)).toEqual([])
    })
  })
}
