import type { GuestAgent } from '../../guest/guest-agent.ts'
import { findBootFiles } from '../../guest/prepare/boot-files.ts'
import { forkFresh, forkPulled } from '../../guest/prepare/forked-template.ts'
import type { TemplateRequest } from '../../guest/prepare/podman-template.ts'
import { readUserBootFiles } from '../../image/boot-files/user-boot-files.ts'
import type { BootFiles } from '../../image/image-file.ts'
import { readProcessorFeatures } from '../../inspect/processor/processor-needs.ts'
import { type AcceleratorChoice, chooseAccelerator } from '../../machine/accelerator.ts'
import { quickShape } from '../../machine/machine-shape.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { architectures } from '../../model/architecture.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { AwaitedRegistry } from './awaited-registry.ts'
import { type ChosenImage, chooseImage } from './choose-image.ts'
import type { ShellCall, ShellWay } from './shell-call.ts'
import { showWaits } from './shown-waits.ts'

export interface OpenGuest {
  machine: RunningGuest
  agent: GuestAgent
}

/** What a guest is opened with, whichever way. */
export interface Surroundings {
  registry: AwaitedRegistry
  folder: string
  lifetime: Lifetime
}

/** All that is known of a guest before it is opened. */
export interface GuestRequest extends Surroundings {
  image: ChosenImage
  boot: BootFiles
  accelerator: AcceleratorChoice['accelerator']
  /** Is told what is awaited. */
  awaiting: (what: string) => void
}

type Opener = (request: GuestRequest) => Promise<OpenGuest>

/** Opens a guest of the image as the call asks. Shows what it waits for, while it does. */
export async function openGuest(
  { way, verify: call }: Extract<ShellCall, { action: 'open' }>,
  surroundings: Surroundings,
): Promise<OpenGuest> {
  const { awaiting, end } = showWaits('guest', surroundings.lifetime)
  const named = await readUserBootFiles(call)
  const image = await chooseImage(call, awaiting)
  const boot = await findBootFiles(image, named[image.arch], awaiting)
  const { accelerator } = await chooseAccelerator(call.accelerator, boot.arch)
  const guest = await openers[way]({ ...surroundings, image, boot, accelerator, awaiting })
  await end()
  return guest
}

const openers: Record<ShellWay, Opener> = {
  fresh: (request) => forkFresh(templateRequest(request), request.lifetime),
  async pulled(request) {
    const { ensureWorkloads } = await import('../../workloads/ensure-workloads.ts')
    const pulledDigest = (await ensureWorkloads()).named('alpine').index.digest
    return forkPulled({ ...templateRequest(request), pulledDigest }, request.lifetime)
  },
  boot: async (request) => (await import('./boot-guest.ts')).bootGuest(request),
  'init-hang': async (request) => (await import('./boot-guest.ts')).bootHeldGuest(request),
}

function templateRequest({ image, boot, accelerator, ...surroundings }: GuestRequest): TemplateRequest {
  const { registry, folder: runFolder, lifetime, awaiting } = surroundings
  return {
    imagePath: image.image.path,
    imageSha256: image.image.sha256,
    shape: quickShape(architectures[image.arch], accelerator, readProcessorFeatures(image.image.path, image.arch)),
    ...{ boot, registry, runFolder, lifetime, awaiting },
  }
}
