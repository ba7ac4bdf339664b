import { cacheKey } from '../../platform/cache/cache.ts'

/** That a requirement was met, as it is kept: nothing else is ever reused. */
export interface StoredResult {
  id: string
  /** Of all that the result depends on. */
  key: string
  /** When, as ISO 8601 in UTC. */
  foundAt: string
  durationMs: number
}

/** A result as a file, with a hash over its content. */
export const storedText = (result: StoredResult): string => `${JSON.stringify({ ...result, hash: hashOf(result) })}\n`

/** The result that a file holds; undefined where it is not as it was written, or is about another requirement. */
export function readStored(text: string, id: string): StoredResult | undefined {
  const value = parsed(text)
  if (!isStored(value) || value.id !== id || value.hash !== hashOf(value)) return undefined
  return { id, key: value.key, foundAt: value.foundAt, durationMs: value.durationMs }
}

const hashOf = ({ id, key, foundAt, durationMs }: StoredResult): string =>
  cacheKey('stored result', id, key, foundAt, String(durationMs))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isStored(value: unknown): value is StoredResult & { hash: string } {
  if (typeof value !== 'object' || value === null) return false
  const { id, key, foundAt, durationMs, hash } = value as Record<string, unknown>
  return [id, key, foundAt, hash].every((field) => typeof field === 'string') && isDuration(durationMs)
}

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0 && Number.isFinite(value)
