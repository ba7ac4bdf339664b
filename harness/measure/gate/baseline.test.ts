import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import type { MeasurementKey } from '../../report/schema.ts'
import { baselineMetrics, readBaseline } from './baseline.ts'

const folder = mkdtempSync(join(tmpdir(), 'baseline-'))
afterAll(() => rmSync(folder, { recursive: true }))
const key: MeasurementKey = {
  ...{
    arch: 'x86_64',
    machine: 'q35',
    cpu: 'qemu64',
    accelerator: 'tcg',
    qemu: '7.2',
    cpuCount: '1',
    memoryMiB: '2048',
  },
  ...{ devices: '0', kernel: 'a'.repeat(64), initramfs: 'b', parameters: 'quiet', workload: 'c' },
}
const metrics = [{ name: 'exact_boot_instructions', unit: 'instructions', tier: 0, samples: [5] }]
const image = { file: 'any', arch: 'x86_64', metrics, measurement: key }

function file(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

test('the metrics of the same key are taken from a report, whatever else is in it', async () => {
  const baseline = await readBaseline(
    file({ schemaVersion: 1, verdict: 'conforms', images: [image, { arch: 'aarch64', metrics }] }),
  )
  expect(baselineMetrics(baseline, key)).toEqual(metrics)
})

test.each([
  ['is missing', join(folder, 'none.json')],
  ['is no JSON', file('{')],
  ['is another file', file({ images: 'none' })],
])('a file that %s is the caller’s fault', async (_what, path) => {
  await expect(readBaseline(path)).rejects.toThrow(CallFault)
})

test('each part of the key that differs is named, with both values', async () => {
  const path = file({ schemaVersion: 1, images: [image] })
  const other = { ...key, qemu: '10.0', kernel: 'd'.repeat(64) }
  const refusal = async () => baselineMetrics(await readBaseline(path), other)
  await expect(refusal).rejects.toThrow(CallFault)
  await expect(refusal).rejects.toThrow('qemu was "7.2", is "10.0"; kernel was aaaaaaaaaaaa, is dddddddddddd')
})

test('a report without a measurement of the architecture, or with two, is no baseline', async () => {
  for (const images of [[], [{ ...image, measurement: undefined }], [image, image]]) {
    const baseline = await readBaseline(file({ schemaVersion: 1, images }))
    expect(() => baselineMetrics(baseline, key)).toThrow(/expected one/)
  }
})
