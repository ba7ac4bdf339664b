import { createHash } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { tarLayer } from './tar-layer.ts'
import type { Compression, LayerRecipe, PackedLayer } from './workload.ts'

const compressors: Record<Compression, (archive: Buffer) => Uint8Array> = {
  // Node writes no time and no name into the gzip header.
  gzip: (archive) => gzipSync(archive, { level: 6 }),
  zstd: (archive) => zstdCompressSync(archive),
  none: (archive) => archive,
}

/** `sha256:` and the hexadecimal digest, as registries name content. */
export const digestOf = (content: Uint8Array): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

export async function packLayer(recipe: LayerRecipe): Promise<PackedLayer> {
  if ('packed' in recipe) return recipe.packed()
  const archive = await tarLayer(recipe.entries)
  const compression = recipe.compression ?? 'gzip'
  return { compression, blob: compressors[compression](archive), diffId: digestOf(archive) }
}
