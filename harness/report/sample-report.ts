import type { RequirementResult } from '../model/result.ts'
import type { ImageReport, Report } from './schema.ts'

/** Small valid reports for tests; each takes the fields that matter to the test. */
export const sampleResult = (fields: Partial<RequirementResult> = {}): RequirementResult => ({
  id: 'BIN-001',
  suite: 'static',
  title: 'Required programs are present',
  severity: 'blocker',
  status: 'pass',
  durationMs: 3,
  findings: [],
  ...fields,
})

export const sampleImage = (fields: Partial<ImageReport> = {}): ImageReport => ({
  file: '/images/vpdmn.squashfs',
  sha256: 'a'.repeat(64),
  sizeBytes: 58_000_000,
  arch: 'x86_64',
  profile: 'vpdmn',
  requirements: [sampleResult()],
  metrics: [],
  ...fields,
})

export const sampleReport = (fields: Partial<Report> = {}): Report => ({
  schemaVersion: 1,
  verdict: 'conforms',
  images: [sampleImage()],
  host: { accelerator: 'tcg', acceleratorReason: 'no /dev/kvm', qemuVersion: '7.2.0', cpuCount: 2 },
  harnessDurationMs: 61_000,
  ...fields,
})
