import { join } from 'node:path'
import { parseBisectCall } from '../../harness/cli/bisect/bisect-call.ts'
import { findChanges } from '../../harness/cli/bisect/bisect-images.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { VariantFile } from '../../harness/image/variant/variant-file.ts'
import type { ArchitectureName } from '../../harness/model/architecture.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import { hidden } from './hidden-mutant.ts'
import type { HiddenMutant } from './hidden-mutants.ts'

/** What a bisection said of a mutant that was hidden among harmless changes. */
export interface FoundMutant {
  /** Names of what makes the requirement fail, in one set or several. */
  culprits: readonly string[]
  /** Whether all of these are what the mutant changes, and the result is proven both ways. */
  isFound: boolean
  changes: number
  trials: number
}

/** Hides a mutant in a copy of the reference image and bisects the two. @param folder that belongs to it alone. */
export async function bisectHidden(
  { id, recipe, change, requirement }: HiddenMutant,
  arch: ArchitectureName,
  folder: string,
  lifetime: Lifetime,
): Promise<FoundMutant> {
  const good = await ensureReferenceImage(arch, { recipe })
  const variant = new VariantFile(good, arch, join(folder, `${id}.squashfs`))
  let changed: readonly string[] = []
  const bad = variant.withTree(
    hidden((tree) => {
      changed = pathsChanged(tree, change)
    }),
  )
  variant.close()
  const options = ['--requirement', requirement, '--profile', recipe, '--out', join(folder, id)]
  const call = parseBisectCall([good, bad, ...options])
  if (call.action === 'help') throw new Error('These arguments ask for a bisection.')
  const { report } = await findChanges(call, lifetime)
  const [found] = report.requirements
  const culprits = found?.causes.flatMap(({ changes }) => changes.map(({ name }) => name)) ?? []
  const isFound = found?.proven === true && culprits.every((name) => isAmong(changed, name))
  return { culprits, isFound, changes: found?.changes ?? 0, trials: found?.trials ?? 0 }
}

/** Whether a culprit's name tells of one of these paths, or of the folder that one lies in. */
const isAmong = (paths: readonly string[], name: string): boolean => {
  const words = name.split(/[ :]/)
  return paths.some((path) => words.includes(path) || words.includes(`${path.slice(0, path.lastIndexOf('/'))}/*`))
}

/** Makes a change to a tree and tells where. */
function pathsChanged(tree: ImageTree, change: (tree: ImageTree) => void): string[] {
  const before = new Map(tree.entries)
  change(tree)
  return [...new Set([...before.keys(), ...tree.entries.keys()])].filter(
    (path) => before.get(path) !== tree.entries.get(path),
  )
}
