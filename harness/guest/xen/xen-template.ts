import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootFiles } from '../../image/image-file.ts'
import { type Device, disk } from '../../machine/devices.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import type { MachineShape } from '../../machine/machine-shape.ts'
import { qemuVersion } from '../../machine/qemu-version.ts'
import { awaitGuest } from '../../machine/start-guest.ts'
import { fork, freeze, type GuestTemplate, startTemplateGuest } from '../../machine/template.ts'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import { type CacheUse, cached, cacheKey } from '../../platform/cache/cache.ts'
import { sourceTexts } from '../../platform/cache/source-texts.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import type { XenHostFiles } from '../../recipes/xen-host/xen-host.ts'
import { GuestAgent } from '../guest-agent.ts'
import { installIdentityTools } from '../identity.ts'
import { leaveNonce, requireContinuation, resumed } from '../prepare/podman-template.ts'
import { makeDisk } from '../runner/contract-disks.ts'

/** From QEMU's start to the agent's answer: 30 to 60 s under emulation, several times that beside others. */
const bootTimeoutMs = 400_000
/** Loading a snapshot and the first answer take under 1 s here. */
const trialTimeoutMs = 30_000
/** Of each of the two disks on which a domain finds its container. */
export const inputDiskMiB = 64

/** How dom0's init says why it cannot go on (harness/recipes/xen-host/scripts/init). */
const complaint = /^Xen host: (.*?)\r*$/

/** How much of the machine is dom0's; Xen gives the rest to the domains that are created. */
const hostMemoryMiB = 640

/**
 * Xen's console is the serial port. Wiping memory that no domain has yet would fill the whole file that holds it, and mitigations
 * protect nothing in an emulated machine (xen-command-line(7)).
 */
const hypervisorParameters = [
  ...['console=com1', 'com1=115200,8n1', `dom0_mem=${hostMemoryMiB}M,max:${hostMemoryMiB}M`],
  ...['bootscrub=off', 'spec-ctrl=no', 'xpti=off', 'loglvl=warning', 'guest_loglvl=warning'],
]

export interface XenRequest {
  imagePath: string
  imageSha256: string
  /** What boots the domains. */
  boot: BootFiles
  host: XenHostFiles
  shape: MachineShape
  /** This run's temporary folder for the image. */
  runFolder: string
  lifetime: Lifetime
  awaiting?: (what: string) => void
}

/** A Xen host that has the image and its boot files and on which no domain was created yet. Throws EnvironmentFault where it does not come up. */
export const ensureXenTemplate = (request: XenRequest): Promise<GuestTemplate> =>
  resumed(
    (use) => xenTemplate(request, use),
    (template) => tryTemplate(template, request),
  )

async function xenTemplate(request: XenRequest, use: CacheUse): Promise<GuestTemplate> {
  const { host, boot, imageSha256, shape } = request
  const files = [host.hypervisor, host.kernel, host.initramfs, boot.kernel, boot.initramfs]
  const [version, digests, code] = await Promise.all([
    qemuVersion(shape.architecture),
    Promise.all(files.map(async (file) => cacheKey(await readFile(file)))),
    sourceTexts('harness/machine/**', 'harness/guest/**'),
  ])
  const key = cacheKey('xen', imageSha256, JSON.stringify(shape), version, ...digests, ...code)
  const make = (folder: string) => request.lifetime.within((own) => bootHost(request, folder, own))
  return { folder: await cached('template', key, make, use), plan: hostPlan(request) }
}

function tryTemplate(template: GuestTemplate, { lifetime, runFolder }: XenRequest): Promise<GuestTemplate> {
  return lifetime.within(async (own) => {
    const guest = await fork(template, inputDevices(await emptyDisks(runFolder)), own)
    await requireContinuation(template, await GuestAgent.reach(guest, trialTimeoutMs))
    return template
  })
}

async function bootHost(request: XenRequest, folder: string, lifetime: Lifetime): Promise<void> {
  request.awaiting?.('dom0')
  const plan = hostPlan(request)
  const guest = await startTemplateGuest(plan, folder, inputDevices(await emptyDisks(request.runFolder)), lifetime)
  const stopped = guest.console
    .lineWhere((text) => complaint.test(text))
    .then(({ text }): never => {
      throw new GuestFault(`${complaint.exec(text)?.[1]}.`)
    })
  try {
    const agent = await awaitGuest(
      guest,
      'the agent in dom0',
      bootTimeoutMs,
      Promise.race([GuestAgent.reach(guest, bootTimeoutMs), stopped]),
    )
    await installIdentityTools(agent, request.shape.architecture)
    await leaveNonce(agent, folder)
  } catch (cause) {
    if (!(cause instanceof GuestFault)) throw cause
    throw new EnvironmentFault(
      'E_XEN_HOST',
      `The Xen host (Xen ${request.host.version} on the processor ${request.shape.cpu}) does not come up: ${cause.message} Its console ended with:\n${guest.console.end()}`,
      { cause },
    )
  }
  await freeze(guest, plan, folder)
}

/** Disks in the order in which dom0's init and the domains' configuration expect them. */
function hostPlan({ imagePath, boot, host, shape }: XenRequest): GuestPlan {
  return {
    shape,
    boot: {
      kernel: host.kernel,
      initramfs: host.initramfs,
      parameters: ['quiet'],
      hypervisor: { path: host.hypervisor, parameters: hypervisorParameters },
    },
    devices: [
      disk('kernel', boot.kernel, 'read-only'),
      disk('initramfs', boot.initramfs, 'read-only'),
      disk('rootfs', imagePath, 'read-only'),
    ],
  }
}

/** The disks of one host alone, each on which a domain finds its container. */
export const inputDevices = (disks: InputDisks): readonly Device[] =>
  disks.map((path, index) => disk(`input${index}`, path, 'read-write'))

export type InputDisks = readonly [string, string]

async function emptyDisks(folder: string): Promise<InputDisks> {
  const path = await makeDisk(join(folder, 'no-input'), inputDiskMiB)
  const other = await makeDisk(join(folder, 'no-other-input'), inputDiskMiB)
  return [path, other]
}
