import type { Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'
import { systemErrorText } from '../../platform/process/system-error.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { bootObstacle } from './boot-images.ts'
import { type EarlierResults, openEarlierResults } from './earlier-results.ts'
import type { JudgedImage, Reuse } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** An image with what earlier runs found of it; one that is not booted has nothing to be asked. */
type KnownImage = { image: JudgedImage } | { image: JudgedImage & { reuse: Reuse }; earlier: EarlierResults }

/**
 * Gives a stage of guests the images of which something is left to ask, and keeps what passed for the next run. What earlier runs
 * found under the same conditions is reused, where the call does not refuse it; only what passed ever is.
 */
export async function reusingResults(
  run: Run,
  images: readonly JudgedImage[],
  stage: (images: JudgedImage[]) => Promise<JudgedImage[]>,
  open: typeof openEarlierResults = openEarlierResults,
): Promise<JudgedImage[]> {
  if (!run.options.reuse) return stage([...images])
  const known = await Promise.all(images.map((image) => lookUp(run, image, open)))
  // A run that is interrupted knows them too.
  for (const { image } of known)
    for (const result of image.requirements) if (image.reuse?.known.includes(result.id)) run.known.add(image, result)
  const asking = known.filter(({ image: { reuse } }) => reuse === undefined || reuse.left.length > 0)
  const faultsBefore = run.faults.length
  const staged = asking.length > 0 ? await stage(asking.map(({ image }) => image)) : []
  const isSound = run.faults.length === faultsBefore && !run.lifetime.hasEnded
  return known.map((one) => {
    const judged = staged[asking.indexOf(one)] ?? one.image
    if (!('earlier' in one)) return judged
    if (isSound) keepPassed(run, one.earlier, judged)
    return inOrder(judged, one.earlier.asked)
  })
}

async function lookUp(run: Run, image: JudgedImage, open: typeof openEarlierResults): Promise<KnownImage> {
  if (bootObstacle(run, image) !== undefined) return { image }
  return inTask(
    run.progress,
    `${image.label}: results of earlier runs`,
    async () => {
      const earlier = await open(run, image)
      return { image: withKnown(run, image, earlier), earlier }
    },
    ({ image: { reuse }, earlier: { asked } }) => `${reuse.known.length} of ${asked.length} known`,
  )
}

/** The image with the results that are known, as if its guests had just given them. */
function withKnown(run: Run, image: JudgedImage, earlier: EarlierResults): JudgedImage & { reuse: Reuse } {
  const { asked, keys, boot } = earlier
  const found = asked.map((requirement) => knownResult(image, earlier, requirement))
  tellDamaged(run, image, found.filter((result) => result === 'damaged').length)
  const known = found.filter((result) => typeof result === 'object')
  const ids = known.map(({ id }) => id)
  const left = asked.filter(({ id }) => !ids.includes(id))
  return {
    ...image,
    requirements: [...image.requirements, ...known],
    // They booted it when its results were found.
    kernel: { version: boot.kernelVersion, origin: boot.origin },
    bootedWith: boot,
    reuse: { known: ids, left: left.map(({ id, suite }) => ({ id, suite, file: keys.fileOf(id) })) },
  }
}

/** What does not apply is known without a guest. */
function knownResult(
  { notApplicable }: JudgedImage,
  { keys, store }: EarlierResults,
  requirement: Requirement,
): RequirementResult | 'none' | 'damaged' {
  const { id, suite, title, severity, feature } = requirement
  const row = { id, suite, title, severity }
  const reason = feature && notApplicable[feature]
  if (reason !== undefined) return { ...row, status: 'not-applicable', durationMs: 0, findings: [{ message: reason }] }
  if (!isReusable(requirement)) return 'none'
  const lookup = store.look(id, keys.of(requirement))
  if (lookup === 'damaged') store.discard(id)
  if (typeof lookup === 'string') return lookup
  const { durationMs, foundAt } = lookup.found
  return { ...row, status: 'pass', durationMs, reusedFrom: foundAt, findings: [] }
}

function tellDamaged({ progress, options }: Run, { label }: JudgedImage, number: number): void {
  if (number === 0) return
  const place = options.reuse?.folder ?? 'the cache'
  const [are, they] = number === 1 ? ['is', 'it was'] : ['are', 'they were']
  progress.warn(`${label}: ${number} of the results in ${place} ${are} not as ${they} written, and asked again.`)
}

/** What guests answered under another accelerator than was looked for is not kept: its key would be wrong. */
function keepPassed(
  { accelerators, startedAt, progress }: Run,
  { asked, keys, store, accelerator }: EarlierResults,
  { arch, requirements }: JudgedImage,
): void {
  if (accelerators.get(arch)?.accelerator !== accelerator) return
  const passed = new Map(requirements.filter(isNewPass).map((result) => [result.id, result]))
  try {
    for (const requirement of asked.filter(isReusable)) {
      const { id, durationMs } = passed.get(requirement.id) ?? {}
      if (id === undefined || durationMs === undefined) continue
      store.keep({ id, key: keys.of(requirement), foundAt: startedAt.toISOString(), durationMs })
    }
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    progress.warn(`Results are not kept for the next run. ${systemErrorText(cause) ?? `${cause.message}.`}`)
  }
}

/** A Xen host is made of packages of its own, which no key names. */
const isReusable = ({ suite }: Requirement): boolean => suite !== 'xen'

const isNewPass = ({ status, reusedFrom }: RequirementResult): boolean => status === 'pass' && reusedFrom === undefined

/** One result of each requirement, the known one where there is one, and those of guests in the order of their tables. */
function inOrder(image: JudgedImage, asked: readonly Requirement[]): JudgedImage {
  const byId = new Map(image.requirements.toReversed().map((result) => [result.id, result]))
  const ids = new Set(asked.map(({ id }) => id))
  const others = image.requirements.filter(({ id }) => !ids.has(id))
  return { ...image, requirements: [...others, ...asked.flatMap(({ id }) => byId.get(id) ?? [])] }
}
