import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findBootFiles } from '../../guest/prepare/boot-files.ts'
import type { PodmanCoordinates, PreparedTemplates } from '../../guest/prepare/coordinates.ts'
import {
  ensureFreshTemplate,
  ensurePulledTemplate,
  type PodmanTemplateRequest,
} from '../../guest/prepare/podman-template.ts'
import { prepareTemplate } from '../../guest/prepare/prepare-template.ts'
import { readUserBootFiles, type UserBootFilesByArch } from '../../image/boot-files/user-boot-files.ts'
import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { chooseAccelerator } from '../../machine/accelerator.ts'
import { contractShape, quickShape } from '../../machine/machine-shape.ts'
import { architectures } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { inBuildTask } from '../../platform/terminal/build-step.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { type RunningRegistry, startRegistry } from '../../registry/start-registry.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'
import type { Workloads } from '../../workloads/make-workloads.ts'
import type { BootedImage, JudgedImage } from './image-states.ts'
import { type Run, snapshotsFolder } from './verify-run.ts'

interface StockedRegistry {
  registry: RunningRegistry
  workloads: Workloads
}

/**
 * Prepares all that the guest suites need of each image, side by side: kernel and initramfs, registry, and templates to
 * fork from. What an image does wrong on the way is kept for the suites to report; it stops nothing.
 */
export async function bootImages(run: Run, images: readonly JudgedImage[]): Promise<BootedImage[]> {
  const userFiles = await readUserBootFiles(run.call)
  const sorted = images.map((image) => ({ image, obstacle: bootObstacle(run, image) }))
  const needsRegistry = run.call.suites.includes('podman') && sorted.some(({ obstacle }) => obstacle === undefined)
  const registry = needsRegistry ? await openRegistry(run) : undefined
  return Promise.all(
    sorted.map(({ image, obstacle }, index) =>
      obstacle === undefined ? prepareImage(run, image, index, userFiles, registry) : { ...image, notBooted: obstacle },
    ),
  )
}

/** Why an image is not booted: its static suite says that it cannot work. */
export function bootObstacle(run: Run, { requirements }: JudgedImage): string | undefined {
  const blockers = requirements.filter(({ severity, status }) => severity === 'blocker' && status === 'fail')
  if (blockers.length === 0 || run.call.keepGoing) return undefined
  return `Not booted because of ${blockers.map(({ id }) => id).join(', ')}; --keep-going boots it all the same.`
}

async function prepareImage(
  run: Run,
  image: JudgedImage,
  index: number,
  userFiles: UserBootFilesByArch,
  stocked: StockedRegistry | undefined,
): Promise<BootedImage> {
  const { call, lifetime } = run
  const architecture = architectures[image.arch]
  const boot = await inBuildTask(run.progress, (tell) => findBootFiles(image, userFiles[image.arch], tell))
  const { accelerator, reason } = await chooseAccelerator(call.accelerator, boot.arch)
  run.accelerators.set(image.arch, { accelerator, reason })
  const runFolder = join(run.folder, `image-${index}`)
  await mkdir(runFolder)
  const imagePath = image.image.path
  const shape = quickShape(architecture, accelerator, readProcessorFeatures(imagePath, image.arch))
  const imageSha256 = image.image.sha256
  const request = { imagePath, imageSha256, boot, shape, runFolder, lifetime }
  const podman = stocked && (await orNotRun(run, image, () => preparePodman(run, image, stocked, request)))
  return {
    ...image,
    kernel: { version: boot.kernelVersion, origin: boot.origin },
    coordinates: {
      imagePath,
      era: image.profile.contract.era,
      boot,
      contractShape: contractShape(architecture, accelerator),
      runFolder,
      notApplicable: image.notApplicable,
      ...(call.onFailure && { snapshots: join(snapshotsFolder(call), `${index}-${image.arch}`) }),
      ...(podman && 'templates' in podman && { podman }),
    },
    ...(podman && 'notRun' in podman && { podmanNotRun: podman.notRun }),
  }
}

/** Where the surroundings keep the guests of the podman suite from being made, the run tells it once and goes on with the others. */
async function orNotRun<T>(
  { faults }: Run,
  { label }: JudgedImage,
  prepare: () => Promise<T>,
): Promise<T | { notRun: string }> {
  try {
    return await prepare()
  } catch (error) {
    if (!(error instanceof EnvironmentFault)) throw error
    faults.push(`${label}: the podman suite was not run. ${error.message}`)
    return { notRun: error.message }
  }
}

/** Starts the registry with all workloads in it, which takes under 1 s where the cache has them. */
function openRegistry({ call, folder, lifetime, progress }: Run): Promise<StockedRegistry> {
  const { registry: mode, registryImage } = call
  return inTask(progress, 'registry', async () => {
    const workloads = await ensureWorkloads()
    const image = registryImage === undefined ? {} : { registryImage }
    return { registry: await startRegistry({ mode, folder, lifetime, workloads, ...image }), workloads }
  })
}

/** What the podman suite needs of one image. */
async function preparePodman(
  run: Run,
  image: JudgedImage,
  { registry, workloads }: StockedRegistry,
  request: Omit<PodmanTemplateRequest, 'registry' | 'pulledDigest'>,
): Promise<PodmanCoordinates> {
  const workloadDigests = Object.fromEntries(workloads.images.map(({ name, index }) => [name, index.digest]))
  const pulledDigest = workloadDigests.alpine as string
  return {
    templates: await makeTemplates(run, image, { ...request, registry, pulledDigest }),
    registry: { ...registry.coordinates, tlsPort: registry.tlsPort },
    workloadDigests,
  }
}

/** Boots the image once and pulls once; both guests are kept for the tests to fork. */
function makeTemplates(
  { progress }: Run,
  image: JudgedImage,
  request: PodmanTemplateRequest,
): Promise<PreparedTemplates> {
  return inTask(
    progress,
    `${image.label}: boot and first pull`,
    async ({ awaiting }) => {
      const told = { ...request, awaiting }
      const fresh = await prepareTemplate(() => ensureFreshTemplate(told))
      if ('fault' in fresh) return { fresh, pulled: fresh }
      return { fresh, pulled: await prepareTemplate(() => ensurePulledTemplate(fresh.template, told)) }
    },
    ({ pulled }) => ('fault' in pulled ? `not reached: ${pulled.fault.message}` : undefined),
  )
}
