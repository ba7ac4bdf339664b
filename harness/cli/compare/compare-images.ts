import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openImageFile } from '../../image/open-image-file.ts'
import { engineOfImage } from '../../inspect/engine-of-image.ts'
import { type InspectedImage, inspectImage } from '../../inspect/inspect-image.ts'
import type { CompareContext, Comparison, ImagePair } from '../../measure/compare/comparison.ts'
import { contentDifference } from '../../measure/compare/content-difference.ts'
import { compareExactly } from '../../measure/compare/exact-comparison.ts'
import { compareInPairs } from '../../measure/compare/paired-images.ts'
import { CallFault, GuestFault } from '../../model/faults.ts'
import { printable } from '../../model/printable.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { openRunFolder } from '../../platform/process/run-folder.ts'
import { openProgress } from '../../platform/terminal/progress.ts'
import { loadProfile, type Profile } from '../../profile/profile.ts'
import { admitQemu } from '../admit-qemu.ts'
import { requireEngine } from '../require-engine.ts'
import type { CompareRun } from './compare-call.ts'
import { comparisonText } from './comparison-text.ts'

/**
 * Compares two images and prints what was found. Returns 1 where B is slower, or where one of the two does not do what is
 * measured; else 0.
 */
export async function compareImages(options: CompareRun, lifetime: Lifetime): Promise<number> {
  const profile = await loadProfile(options.profile)
  const images = { a: await open(options.a, profile, lifetime), b: await open(options.b, profile, lifetime) }
  requireSameArchitecture(images)
  for (const image of [images.a, images.b])
    requireEngine('compare.mjs', 'performance', image.file.path, engineOfImage(image, profile.init.path).engine)
  const folder = await openRunFolder(lifetime)
  const progress = openProgress({})
  lifetime.defer(() => progress.close())
  await admitQemu(options.sandbox, [images.a.arch], (sentence) => progress.warn(sentence))
  const comparison = await compare({ options, images, profile, folder, lifetime, progress }).catch(asGuestFault)
  progress.close()
  if (comparison instanceof GuestFault) {
    process.stderr.write(`${printable(`${comparison.message}\n${comparison.evidence}`)}\n`)
    return 1
  }
  process.stdout.write(options.json ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison))
  return isSlower(comparison) ? 1 : 0
}

function asGuestFault(error: unknown): GuestFault {
  if (error instanceof GuestFault) return error
  throw error
}

async function compare(context: CompareContext): Promise<Comparison> {
  const { images, options, folder } = context
  const content = contentDifference(images.a, images.b)
  for (const side of ['a', 'b']) await mkdir(join(folder, side))
  const paired = options.tiers.some((tier) => tier !== '0')
  return {
    ...{ a: images.a.file, b: images.b.file, content },
    ...(options.tiers.includes('0') && { exact: await compareExactly(context) }),
    ...(paired && { paired: await compareInPairs(context) }),
  }
}

async function open(path: string, profile: Profile, lifetime: Lifetime): Promise<InspectedImage> {
  const inspected = await inspectImage(await openImageFile(path), profile)
  lifetime.defer(() => inspected.close())
  return inspected
}

function requireSameArchitecture({ a, b }: ImagePair): void {
  if (a.arch === b.arch) return
  throw new CallFault(
    `These images cannot be compared: arch is ${a.arch} in ${a.file.path} and ${b.arch} in ${b.file.path}.`,
  )
}

const isSlower = ({ exact = [], paired }: Comparison): boolean =>
  exact.some(({ judgement }) => judgement === 'slower') ||
  (paired?.results ?? []).some(({ verdict }) => verdict === 'slower')
