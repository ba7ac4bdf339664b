/** Thrown by `within` when the bound passes first. */
export class BoundPassed extends Error {
  override readonly name = 'BoundPassed'
}

/** The promise's value, or BoundPassed after `timeoutMs` milliseconds. The losing side is left to end by itself. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BoundPassed(`${timeoutMs / 1000} s have passed.`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, bound])
  } finally {
    clearTimeout(timer)
  }
}
