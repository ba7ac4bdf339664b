import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { allRequirements } from '../../suites/all-requirements.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { runEntry } from '../cli/run-entry.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { chooseAccelerator } from '../machine/accelerator.ts'
import { contractShape } from '../machine/machine-shape.ts'
import { architectures } from '../model/architecture.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { openRunFolder } from '../platform/process/run-folder.ts'
import { ensureBootKit } from '../recipes/boot-kit/boot-kit.ts'
import { judge } from '../report/judge.ts'
import { publishReport } from '../report/publish-report.ts'
import { reportFormats } from '../report/report-formats.ts'
import type { Report } from '../report/schema.ts'
import { runSuites } from '../run/run-suites.ts'

// A verification of one image by the requirements that are named, with every report that there is: what verify.mjs does, of a part.
await runEntry(async (lifetime) => {
  const [imagePath = '', out = '', seed = '0', ...ids] = process.argv.slice(2)
  const folder = await openRunFolder()
  lifetime.defer(() => removeFolder(folder), `the folder ${folder}`)
  const runFolder = join(folder, 'image-0')
  await mkdir(runFolder)
  const startedAt = new Date()
  const { accelerator, reason } = await chooseAccelerator('auto', 'x86_64')
  const boot = await ensureBootKit('x86_64')
  const shape = contractShape(architectures.x86_64, accelerator)
  const coordinates = { imagePath, boot, contractShape: shape, runFolder, era: 'master', seed: Number(seed) } as const
  const requirements = bootRequirements.filter(({ id }) => ids.includes(id))
  const results = await runSuites({
    suites: ['boot'],
    targets: [{ key: 'image-0', coordinates }],
    requirements,
    jobs: 1,
    onResult: () => {},
  })
  if (lifetime.hasEnded) return 3
  const { sha256, sizeBytes } = await openImageFile(imagePath)
  const identity = { file: imagePath, sha256, sizeBytes, arch: 'x86_64', profile: 'vpdmn' } as const
  const images = [{ ...identity, ...(results.get('image-0') ?? { requirements: [], metrics: [] }) }]
  const report: Report = {
    ...{ schemaVersion: 1, startedAt: startedAt.toISOString(), seed: Number(seed) },
    ...{ verdict: judge(images, []), images },
    host: { accelerator, acceleratorReason: reason, qemuVersion: 'not asked', cpuCount: 1 },
    harnessDurationMs: Date.now() - startedAt.getTime(),
  }
  return publishReport(
    report,
    { out, json: false, formats: reportFormats },
    { artifacts: [], requirements: allRequirements },
  )
})
