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

/** Layers by compression and digest, so that one that many images share is compressed once. */
export type PackedLayers = Map<string, PackedLayer>

export async function packLayer(recipe: LayerRecipe, known: PackedLayers = new Map()): Promise<PackedLayer> {
  if ('packed' in recipe) return recipe.packed()
  const archive = await tarLayer(recipe.entries)
  const compression = recipe.compression ?? 'gzip'
  const diffId = digestOf(archive)
  const key = `${compression} ${diffId}`
  const layer = known.get(key) ?? { compression, blob: compressors[compression](archive), diffId }
  known.set(key, layer)
  return layer
}
