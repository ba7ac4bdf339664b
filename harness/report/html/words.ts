import type { Severity, Status, Verdict } from '../schema.ts'

/** A sign says in shape what a colour says too: not everybody sees both. */
interface Word {
  sign: string
  word: string
}

export const statusWords: Record<Status, Word> = {
  fail: { sign: '✗', word: 'failed' },
  error: { sign: '!', word: 'broke' },
  skip: { sign: '–', word: 'skipped' },
  waived: { sign: '~', word: 'waived' },
  blocked: { sign: '↳', word: 'blocked' },
  'not-applicable': { sign: '∅', word: 'not applicable' },
  pass: { sign: '✓', word: 'passed' },
}

export const verdictWords: Record<Verdict, Word> = {
  conforms: { sign: '✓', word: 'Conforms' },
  'does-not-conform': { sign: '✗', word: 'Does not conform' },
  error: { sign: '!', word: 'No verdict' },
}

/** What each severity means for the verdict. */
export const severityMeanings: Record<Severity, string> = {
  blocker: 'blocker: the image cannot work',
  error: 'error: the image does not conform',
  warning: 'warning: advice, does not decide',
  info: 'info: told, does not decide',
}
