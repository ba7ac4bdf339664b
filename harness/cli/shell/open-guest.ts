import { chooseAccelerator } from '../../guest/prepare/accelerator.ts'
import { findBootFiles } from '../../guest/prepare/boot-files.ts'
import { forkFresh, forkPulled } from '../../guest/prepare/forked-template.ts'
import { pullingRequest, templateRequest } from '../../guest/prepare/prepare-guests.ts'
import { readUserBootFiles } from '../../image/boot-files/user-boot-files.ts'
import { readEngine } from '../../inspect/engine-of-image.ts'
import { builtInProfiles } from '../../profile/built-in-profiles.ts'
import { loadProfile } from '../../profile/profile.ts'
import { admitQemu } from '../admit-qemu.ts'
import { requireEngine } from '../require-engine.ts'
import { chooseImage } from './choose-image.ts'
import type { GuestRequest, OpenGuest, ShellEnvironment } from './guest-request.ts'
import type { ShellCall, ShellWay } from './shell-call.ts'
import { showWaits } from './shown-waits.ts'
import { printError } from './terminal.ts'

type Opener = (request: GuestRequest) => Promise<OpenGuest>

/** Opens a guest of the image as the call asks. Shows what it waits for, while it does. */
export async function openGuest(
  { way, verify: options }: Extract<ShellCall, { action: 'open' }>,
  { registry, folder: runFolder, lifetime }: ShellEnvironment,
): Promise<OpenGuest> {
  const { awaiting, end } = showWaits('guest', lifetime)
  const named = await readUserBootFiles(options)
  const image = await chooseImage(options, awaiting)
  const { init } = await loadProfile(options.profile ?? builtInProfiles[0])
  requireEngine('shell.mjs', 'podman', image.image.path, readEngine(image.image, init))
  const boot = await findBootFiles(image, named[image.arch], awaiting)
  await admitQemu(options.sandbox, [image.arch], printError)
  const { accelerator } = await chooseAccelerator(options.accelerator, boot.arch)
  const { path: imagePath, sha256: imageSha256 } = image.image
  const source = { arch: image.arch, imagePath, imageSha256, boot, accelerator, runFolder, lifetime }
  const guest = await openers[way]({ ...source, registry, awaiting })
  await end()
  return guest
}

const openers: Record<ShellWay, Opener> = {
  fresh: (request) => forkFresh(templateRequest(request, request.registry), request.lifetime),
  async pulled(request) {
    const { ensureWorkloads } = await import('../../workloads/ensure-workloads.ts')
    const stocked = { registry: request.registry, workloads: await ensureWorkloads() }
    return forkPulled(pullingRequest(request, stocked), request.lifetime)
  },
  boot: async (request) => (await import('./boot-guest.ts')).bootGuest(request),
  'init-hang': async (request) => (await import('./boot-guest.ts')).bootHeldGuest(request),
}
