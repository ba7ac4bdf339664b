import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runEntry } from '../../harness/cli/run-entry.ts'
import { chooseAccelerator } from '../../harness/guest/prepare/accelerator.ts'
import { openImageFile } from '../../harness/image/open-image-file.ts'
import { contractShape } from '../../harness/machine/machine-shape.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import { judge } from '../../harness/report/judge.ts'
import { publishReport } from '../../harness/report/publish-report.ts'
import { reportFormats } from '../../harness/report/report-formats.ts'
import type { Report } from '../../harness/report/schema.ts'
import { runSuites } from '../../harness/run/run-suites.ts'
import { allRequirements } from '../../suites/all-requirements.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'

// A verification of one image by the requirements that are named, with every report that there is: what verify.mjs does, of a part.
await runEntry(async (lifetime) => {
  const [imagePath = '', out = '', seed = '0', ...ids] = process.argv.slice(2)
  const folder = await openRunFolder(lifetime)
  const runFolder = join(folder, 'image-0')
  await mkdir(runFolder)
  const startedAt = new Date()
  const { accelerator, reason } = await chooseAccelerator('auto', 'x86_64')
  const boot = await ensureBootKit('x86_64')
  const shape = contractShape(architectures.x86_64, accelerator)
  const machine = { boot, contractShape: shape, runFolder }
  const coordinates = { imagePath, ...machine, engine: 'podman', era: 'master', seed: Number(seed) } as const
  const requirements = bootRequirements.filter(({ id }) => ids.includes(id))
  const results = await runSuites({
    lifetime,
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
