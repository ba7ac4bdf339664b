import { createHash } from 'node:crypto'
import { inject } from 'vitest'

/** Values that an image cannot know before its run, and that the run's seed gives again; each label has its own. */
export interface Nonces {
  /** Lower-case letters, six where no number is given: a word to no shell and no pattern. */
  word(label: string, length?: number): string
  /** An exit code that no shell gives by itself: from 3 to 99. */
  code(label: string): number
  /** A whole number from 0 to less than the limit. */
  below(label: string, limit: number): number
}

/** Codes below are a shell's own for success, failure and misuse; from 125 on they are podman's and a shell's for signals. */
const codes = { first: 3, end: 100 }

const lettersInAlphabet = 26

export function noncesOf(seed: number): Nonces {
  const bytes = (label: string) => createHash('sha256').update(`${seed} ${label}`).digest()
  const below = (label: string, limit: number) => bytes(label).readUInt32BE(0) % limit
  return {
    word: (label, length = 6) =>
      String.fromCharCode(
        ...bytes(label)
          .subarray(0, length)
          .map((byte) => 0x61 + (byte % lettersInAlphabet)),
      ),
    code: (label) => codes.first + below(label, codes.end - codes.first),
    below,
  }
}

/** Those of this run, in a test of a guest suite. */
export const nonces = (): Nonces => noncesOf(inject('coordinates').seed)
