import type { AttestedRun } from './statements.ts'

const digest = { sha256: 'c'.repeat(64) }

/** For tests: a run on an image of the release branch. */
export const sampleAttestedRun: AttestedRun = {
  version: '0.2.0',
  startedAt: '2026-08-01T10:00:00.000Z',
  era: 'wrynose',
  bootFiles: [{ name: 'bzImage', digest }],
  profile: { name: 'vpdmn-wrynose', digest },
  report: { name: 'report.json', digest },
}
