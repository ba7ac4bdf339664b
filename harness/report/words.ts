import type { Severity } from '../model/requirement.ts'
import type { Status } from '../model/status.ts'
import type { Verdict } from './schema.ts'

/** A sign says in shape what a colour says too: not everybody sees both. */
interface Word {
  sign: string
  word: string
}

interface StatusWord extends Word {
  meaning: string
}

export const statusWords: Record<Status, StatusWord> = {
  fail: { sign: '✗', word: 'failed', meaning: 'The image does not meet it.' },
  error: {
    sign: '!',
    word: 'broke',
    meaning: 'Its check failed with an error: this says nothing about the image.',
  },
  blocked: {
    sign: '↳',
    word: 'blocked',
    meaning: 'It could not be asked, since another requirement is not met; that one is named, and it alone counts.',
  },
  skip: { sign: '–', word: 'skipped', meaning: 'It was not asked, for the reason given.' },
  waived: { sign: '~', word: 'waived', meaning: 'The image does not meet it, which was accepted until a day.' },
  'not-applicable': {
    sign: '∅',
    word: 'not applicable',
    meaning: 'The image’s era has no such feature, and its init does not handle it.',
  },
  pass: { sign: '✓', word: 'passed', meaning: 'The image meets it.' },
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
  info: 'info: does not decide',
}
