import type { BootFiles } from '../../image/image-file.ts'
import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { type Accelerator, contractShape, quickShape } from '../../machine/machine-shape.ts'
import type { GuestTemplate } from '../../machine/template.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import type { EngineName } from '../../model/engine.ts'
import { GuestFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { type RegistryOptions, type RunningRegistry, startRegistry } from '../../registry/start-registry.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'
import type { Workloads } from '../../workloads/make-workloads.ts'
import type { BootCoordinates, PodmanCoordinates, PreparedTemplate, PreparedTemplates } from './coordinates.ts'
import {
  ensureFreshTemplate,
  ensurePulledTemplate,
  type PodmanTemplateRequest,
  type TemplateRequest,
} from './podman-template.ts'

/** An image and what is to run it: whoever needs guests of an image starts from this. */
export interface GuestSource {
  arch: ArchitectureName
  imagePath: string
  imageSha256: string
  boot: BootFiles
  accelerator: Accelerator
  /** A temporary folder of the image's own. */
  runFolder: string
  /** Ends what was started. */
  lifetime: Lifetime
  /** Is told what is awaited. */
  awaiting?: (what: string) => void
}

/** A registry with all workloads in it. */
export interface StockedRegistry {
  registry: RunningRegistry
  workloads: Workloads
}

/** Starts a registry with all workloads, which takes under 1 s where the cache has them. */
export async function startStockedRegistry(options: Omit<RegistryOptions, 'workloads'>): Promise<StockedRegistry> {
  const workloads = await ensureWorkloads()
  return { registry: await startRegistry({ ...options, workloads }), workloads }
}

/** For boots as the runners of an engine's images do them, on their machine. */
export const bootCoordinates = (
  { arch, imagePath, boot, accelerator, runFolder }: GuestSource,
  engine: EngineName,
): BootCoordinates => ({
  imagePath,
  engine,
  boot,
  contractShape: contractShape(architectures[arch], accelerator),
  runFolder,
})

/** For guests to fork, on the machine that boots fastest and has what the image's programs need. */
export function templateRequest(source: GuestSource, registry: TemplateRequest['registry']): TemplateRequest {
  const { arch, accelerator, ...request } = source
  const features = readProcessorFeatures(source.imagePath, arch)
  return { ...request, shape: quickShape(architectures[arch], accelerator, features), registry }
}

/** The same for guests that have pulled an image. */
export const pullingRequest = (
  source: GuestSource,
  { registry, workloads }: Pick<StockedRegistry, 'workloads'> & Pick<TemplateRequest, 'registry'>,
): PodmanTemplateRequest => ({
  ...templateRequest(source, registry),
  pulledDigest: workloads.named('alpine').index.digest,
})

/** What the podman suite needs of one image: it is booted once and pulls once, and both guests are kept to be forked. */
export async function preparePodman(source: GuestSource, stocked: StockedRegistry): Promise<PodmanCoordinates> {
  const { registry, workloads } = stocked
  return {
    templates: await prepareTemplates(pullingRequest(source, stocked)),
    registry: { ...registry.coordinates, tlsPort: registry.tlsPort },
    workloadDigests: Object.fromEntries(workloads.images.map(({ name, index }) => [name, index.digest])),
  }
}

async function prepareTemplates(request: PodmanTemplateRequest): Promise<PreparedTemplates> {
  const fresh = await orFault(() => ensureFreshTemplate(request))
  if ('fault' in fresh) return { fresh, pulled: fresh }
  return { fresh, pulled: await orFault(() => ensurePulledTemplate(fresh.template, request)) }
}

/** A template, or what the image did instead of becoming one, which the tests then report. */
async function orFault(make: () => Promise<GuestTemplate>): Promise<PreparedTemplate> {
  try {
    return { template: await make() }
  } catch (error) {
    if (error instanceof GuestFault) return { fault: { message: error.message, evidence: error.evidence } }
    throw error
  }
}
