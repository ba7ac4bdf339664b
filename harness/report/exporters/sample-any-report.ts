import fc from 'fast-check'
import { fullImage, fullReport, hostileImage } from '../sample-full-report.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import type { Report } from '../schema.ts'

export const hostile = fullReport({
  verdict: 'does-not-conform',
  images: [hostileImage(), fullImage({ arch: 'aarch64' })],
})
export const faulty = sampleReport({ verdict: 'error', images: [], faults: ['QEMU ended:\nno memory'] })

export const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const anyReport = anyText.map((text): Report => {
  const result = sampleResult({ status: 'fail', title: text, findings: [{ message: text, path: text, remedy: text }] })
  const metrics = [{ name: 'a_ms', unit: 'ms', tier: 2 as const, samples: [1, 2] }]
  const requirements = [
    result,
    { ...result, id: 'FS-001', status: 'skip' as const },
    { ...result, id: 'FS-002', status: 'error' as const },
    { ...result, id: text, status: 'blocked' as const, blockedBy: result.id },
    { ...result, id: 'FS-003', status: 'blocked' as const, blockedBy: text },
    { ...result, id: 'FS-004', status: 'not-applicable' as const },
  ]
  return sampleReport({ images: [sampleImage({ file: text, requirements, metrics })] })
})
/** Tries reports that an exporter must be able to say: full, hostile, empty, and with any text at all. */
export const always = (holds: (report: Report) => void) => {
  for (const report of [fullReport(), hostile, faulty]) holds(report)
  fc.assert(fc.property(anyReport, holds), { numRuns: 40 })
}
