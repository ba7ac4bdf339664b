export interface BuildOptions {
  /** Debian suite or code name; default `trixie`. */
  release?: string
  /** Build even where the cache has it. */
  force?: boolean
  /** Is told, in one line each, what is being done. */
  progress?: (line: string) => void
}

/** Debian stable. */
export const defaultRelease = 'trixie'
