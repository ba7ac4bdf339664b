import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { squashfsOf, type TinyImageOptions } from '../../fixtures/static/tiny-image.ts'
import { tinyTree } from '../../fixtures/static/tiny-tree.ts'
import { spoiltContents, tangle } from './hand-made.ts'
import { mutations } from './mutations.ts'
import { Random } from './random.ts'

/** Images that are mutated. In the one that stores everything as it is, a flipped bit reaches a field and not a decompressor. */
const originals: Readonly<Record<string, TinyImageOptions>> = {
  stored: { arguments: ['-noI', '-noD', '-noF', '-noX'] },
  zstd: { compression: 'zstd' },
  gzip: { compression: 'gzip' },
  xz: { compression: 'xz' },
  lz4: { compression: 'lz4' },
  lzo: { compression: 'lzo' },
}

/** Half of the mutants are made of the stored image. */
const weights = ['stored', 'stored', 'stored', 'stored', 'stored', 'zstd', 'gzip', 'xz', 'lz4', 'lzo']

/** Makes the images that mutants are made of, always the same. */
export async function writeOriginals(folder: string): Promise<void> {
  for (const [name, options] of Object.entries(originals)) await squashfsOf(join(folder, name), tinyTree(), options)
}

export type Originals = ReadonlyMap<string, Buffer>

export const readOriginals = (folder: string): Originals =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))

export interface Mutant {
  image: Buffer
  /** What was done, in words. */
  origin: string
}

/** The mutant of a seed and an index: the same ones give the same bytes. */
export function mutantOf(seed: number, index: number, images: Originals): Mutant {
  const random = new Random(seed, index)
  const way = random.below(10)
  if (way === 0) return { image: tangle(random), origin: 'a tangle of inodes' }
  if (way <= 3) return { image: spoiltContents(random), origin: 'spoilt contents' }
  const name = random.pick(weights)
  let image: Buffer = Buffer.from(images.get(name) as Buffer)
  const done: string[] = []
  for (let left = 1 + random.below(3); left > 0; left--) {
    const mutation = random.pick(mutations)
    image = mutation.apply(image, random)
    done.push(mutation.name)
  }
  return { image, origin: `the image ${name} with ${done.join(', ')}` }
}
