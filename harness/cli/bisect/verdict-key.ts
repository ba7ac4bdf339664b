import { readFile } from 'node:fs/promises'
import { cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import { type JudgeContext, kernelOfTrials } from './judges.ts'

/** Hash of all that verdicts on mixtures of two images depend on: trials of the same key may be taken for one another. */
export async function verdictKey(context: JudgeContext): Promise<string> {
  const { images, profile } = context
  const { kernel, initramfs } = await kernelOfTrials(context)
  const files = [kernel?.path, initramfs].flatMap((path) => path ?? [])
  return cacheKey(
    ...[images.good.file.sha256, images.bad.file.sha256, JSON.stringify(profile)],
    ...(await Promise.all(files.map((path) => readFile(path)))),
    ...(await sourceTexts('{harness,suites}/**/*.{ts,js}')),
  )
}
