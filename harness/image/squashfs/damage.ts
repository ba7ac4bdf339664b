/** A squashfs that does not decode. The message names the structure; who opened the file adds its path. */
export class SquashfsDamage extends Error {
  override readonly name = 'SquashfsDamage'
}

/** Runs a decoding step; whatever it throws becomes SquashfsDamage that names the structure it was about. */
export function decoding<T>(structure: string, step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (cause instanceof SquashfsDamage) throw cause
    throw new SquashfsDamage(`${structure} does not decode (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    })
  }
}
