import type { KeyObject } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bundleOf, signedEnvelope } from '../../attest/envelope.ts'
import { readSigningKey } from '../../attest/signing-key.ts'
import {
  type AttestedRun,
  type Resource,
  sha256,
  summaryStatement,
  testResultStatement,
} from '../../attest/statements.ts'
import { sha256OfFile } from '../../image/open-image-file.ts'
import { harnessVersion } from '../../platform/harness-version.ts'
import { notWritten } from '../../report/report-folder.ts'
import type { ImageReport, Report } from '../../report/schema.ts'
import { billFileNames } from './bill-file-names.ts'
import type { JudgedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/**
 * Writes a bundle of two signed statements on each image beside the reports. A run that came to no verdict is attested by none,
 * which is told on stderr.
 */
export async function attestRun(
  run: Run,
  images: readonly JudgedImage[],
  report: Report,
  keyPath: string,
): Promise<void> {
  if (report.verdict === 'error') {
    process.stderr.write('No attestation is written: the run came to no verdict.\n')
    return
  }
  const key = readSigningKey(keyPath)
  const { out } = run.options
  const reportResource = { name: 'report.json', digest: { sha256: sha256(await readFile(join(out, 'report.json'))) } }
  const names = billFileNames(images)
  for (const [index, image] of images.entries()) {
    const attested = await attestedRun(run, image, reportResource)
    const file = (names.get(image) as string).replace(/\.spdx\.json$/, '.intoto.jsonl')
    await writeWhole(join(out, file), bundleOn(report.images[index] as ImageReport, attested, key))
  }
}

function bundleOn(image: ImageReport, run: AttestedRun, key: KeyObject): string {
  const testResult = signedEnvelope(testResultStatement(image, run), key)
  return bundleOf([testResult, signedEnvelope(summaryStatement(image, run, testResult), key)])
}

async function attestedRun(run: Run, image: JudgedImage, report: Resource): Promise<AttestedRun> {
  const { profile } = image
  return {
    version: harnessVersion(),
    startedAt: run.startedAt.toISOString(),
    era: profile.contract.era,
    bootFiles: await bootFilesOf(run, image),
    // With all that it extends: its file alone does not say what was asked.
    profile: { name: profile.name, digest: { sha256: sha256(JSON.stringify(profile)) } },
    report,
  }
}

/** Kernel and initramfs that booted the image, or that the user gave for it: the static suite judges by those. */
async function bootFilesOf(run: Run, { arch, bootedWith, bootFiles }: JudgedImage): Promise<Resource[]> {
  const named = (await run.userBootFiles())[arch]
  const given = named ? { kernel: named.kernel?.path, initramfs: named.initramfs } : bootFiles
  const { kernel, initramfs } = bootedWith ?? given ?? {}
  const paths = [kernel, initramfs].filter((path) => path !== undefined)
  return Promise.all(
    paths.map(async (path) => ({ name: basename(path), digest: { sha256: await sha256OfFile(path) } })),
  )
}

async function writeWhole(path: string, content: string): Promise<void> {
  try {
    await writeFile(`${path}.part`, content)
    await rename(`${path}.part`, path)
  } catch (cause) {
    throw notWritten(path, cause as NodeJS.ErrnoException)
  }
}
