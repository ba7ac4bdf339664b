import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcceleratorChoice, chooseAccelerator, underAccelerator } from '../../guest/prepare/accelerator.ts'
import { findBootFiles } from '../../guest/prepare/boot-files.ts'
import type { PodmanCoordinates } from '../../guest/prepare/coordinates.ts'
import {
  bootCoordinates,
  type GuestSource,
  preparePodman,
  type StockedRegistry,
  startStockedRegistry,
} from '../../guest/prepare/prepare-guests.ts'
import { prepareXen } from '../../guest/xen/prepare-xen.ts'
import type { UserBootFilesByArch } from '../../image/boot-files/user-boot-files.ts'
import type { BootFiles } from '../../image/image-file.ts'
import type { GuestTemplate } from '../../machine/template.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import type { SuiteName } from '../../model/requirement.ts'
import { inBuildTask } from '../../platform/terminal/build-step.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import type { BootedImage, JudgedImage } from './image-states.ts'
import { isJudgedBy, isLeft } from './suites-of-image.ts'
import { type Run, snapshotsFolder } from './verify-run.ts'

/**
 * Prepares all that the guest suites need of each image, side by side: kernel and initramfs, registry, and templates to
 * fork from. What an image does wrong on the way is kept for the suites to report; it stops nothing.
 */
export async function bootImages(run: Run, images: readonly JudgedImage[]): Promise<BootedImage[]> {
  const userFiles = await run.userBootFiles()
  const sorted = images.map((image) => ({ image, obstacle: bootObstacle(run, image) }))
  const isForPodman = (image: JudgedImage) => isJudgedBy(run, image, ['podman']) && isLeft(image, 'podman')
  const needsRegistry = sorted.some(({ image, obstacle }) => obstacle === undefined && isForPodman(image))
  const registry = needsRegistry ? await openRegistry(run) : undefined
  return Promise.all(
    sorted.map(({ image, obstacle }, index) =>
      obstacle === undefined
        ? prepareImage(run, image, index, userFiles, isForPodman(image) ? registry : undefined)
        : { ...image, notBooted: obstacle },
    ),
  )
}

/** Why an image is not booted: the run has ended early, or its static suite says that it cannot work. */
export function bootObstacle(run: Run, { requirements }: JudgedImage): string | undefined {
  if (run.failFast.reason !== undefined) return run.failFast.reason
  const blockers = requirements.filter(({ severity, status }) => severity === 'blocker' && status === 'fail')
  if (blockers.length === 0 || run.options.keepGoing) return undefined
  return `Not booted because of ${blockers.map(({ id }) => id).join(', ')}; --keep-going boots it all the same.`
}

async function prepareImage(
  run: Run,
  image: JudgedImage,
  index: number,
  userFiles: UserBootFilesByArch,
  stocked: StockedRegistry | undefined,
): Promise<BootedImage> {
  const boot = await inBuildTask(run.progress, (tell) => findBootFiles(image, userFiles[image.arch], tell))
  const runFolder = join(run.folder, `image-${index}`)
  await mkdir(runFolder)
  const choice = await chooseAccelerator(run.options.accelerator, boot.arch)
  return underAccelerator(run.options.accelerator, choice, (chosen) =>
    prepareUnder(chosen, run, image, { index, boot, runFolder, stocked }),
  )
}

interface Preparation {
  index: number
  boot: BootFiles
  runFolder: string
  stocked: StockedRegistry | undefined
}

async function prepareUnder(
  { accelerator, reason, isLast }: AcceleratorChoice & { isLast: boolean },
  run: Run,
  image: JudgedImage,
  { index, boot, runFolder, stocked }: Preparation,
): Promise<BootedImage> {
  const { options, lifetime } = run
  run.accelerators.set(image.arch, { accelerator, reason })
  const { path: imagePath, sha256: imageSha256 } = image.image
  const source = { arch: image.arch, imagePath, imageSha256, boot, accelerator, runFolder, lifetime }
  const prepare = async () => stocked && makeTemplates(run, image, stocked, source)
  const podman = isLast ? await orNotRun(run, image, 'podman', prepare) : { made: await prepare() }
  const xen = isJudgedBy(run, image, ['xen'])
    ? await orNotRun(run, image, 'xen', () => makeXenHost(run, image, source))
    : {}
  return {
    ...image,
    kernel: { version: boot.kernelVersion, origin: boot.origin },
    bootedWith: boot,
    coordinates: {
      ...bootCoordinates(source, image.profile.contract.engine),
      seed: options.seed,
      era: image.profile.contract.era,
      notApplicable: image.notApplicable,
      ...(image.reuse && { known: image.reuse.known }),
      ...(options.onFailure && { snapshots: join(snapshotsFolder(options), `${index}-${image.arch}`) }),
      ...(podman.made && { podman: podman.made }),
      ...(xen.made && { xen: xen.made }),
    },
    notRun: { ...podman.notRun, ...xen.notRun },
  }
}

/** What a suite needs of an image, or why the suite is not run. */
interface Made<T> {
  made?: T
  notRun?: Partial<Record<SuiteName, string>>
}

/** Where the environment keeps the guests of a suite from being made, the run tells it once and goes on with the others. */
async function orNotRun<T>(
  { faults }: Run,
  { label }: JudgedImage,
  suite: SuiteName,
  prepare: () => Promise<T>,
): Promise<Made<T>> {
  try {
    return { made: await prepare() }
  } catch (error) {
    if (!(error instanceof EnvironmentFault)) throw error
    faults.push({ code: error.code, message: `${label}: the suite ${suite} was not run. ${error.message}` })
    return { notRun: { [suite]: error.message } }
  }
}

/** A host on which domains are created from the image, booted once. */
const makeXenHost = ({ progress }: Run, { label }: JudgedImage, source: GuestSource): Promise<GuestTemplate> =>
  inTask(progress, `${label}: Xen host`, ({ awaiting }) => prepareXen({ ...source, awaiting }))

function openRegistry({ options, folder, lifetime, progress }: Run): Promise<StockedRegistry> {
  const { registry: mode, registryImage } = options
  const image = registryImage === undefined ? {} : { registryImage }
  return inTask(progress, 'registry', () => startStockedRegistry({ mode, folder, lifetime, ...image }))
}

const makeTemplates = (
  { progress }: Run,
  { label }: JudgedImage,
  stocked: StockedRegistry,
  source: GuestSource,
): Promise<PodmanCoordinates> =>
  inTask(
    progress,
    `${label}: boot and first pull`,
    ({ awaiting }) => preparePodman({ ...source, awaiting }, stocked),
    ({ templates: { pulled } }) => ('fault' in pulled ? `not reached: ${pulled.fault.message}` : undefined),
  )
