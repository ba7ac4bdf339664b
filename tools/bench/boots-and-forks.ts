import { contractParameters } from '../../harness/contract/request.ts'
import { DaemonChannel } from '../../harness/guest/daemon-channel.ts'
import { GuestAgent } from '../../harness/guest/guest-agent.ts'
import { disk, imageChannel } from '../../harness/machine/devices.ts'
import type { GuestPlan } from '../../harness/machine/guest-plan.ts'
import { quickShape } from '../../harness/machine/machine-shape.ts'
import { openSocketFolder } from '../../harness/machine/qemu-socket.ts'
import { type RunningGuest, startGuest } from '../../harness/machine/start-guest.ts'
import { fork, freeze, type GuestTemplate, startTemplateGuest } from '../../harness/machine/template.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { bootWithAgent } from '../../harness/recipes/agent/agent-initramfs.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import type { BenchmarkContext } from './benchmark.ts'

/** Bound on one boot, one fork or one answer; several times what a loaded machine takes. */
const stepTimeoutMs = 240_000

/** Boots the image as a daemon, and forks such a guest; each takes its milliseconds to the answers. */
export async function bootAndForkOf(context: BenchmarkContext) {
  const daemon = await daemonPlan(context)
  const parameters = daemon.boot?.parameters ?? []
  const plan = { ...daemon, boot: bootWithAgent(await ensureBootKit(context.arch), parameters) }
  const template = await makeTemplate(context, plan)
  const channelPath = await openSocketFolder(context.folder, 'answered', context.lifetime)
  const boot = () =>
    answered(
      () => startGuest(withChannel(plan, channelPath), context.lifetime),
      async (guest) => (await DaemonChannel.connect(guest, channelPath)).ping(stepTimeoutMs),
    )
  const forked = () => answered(() => fork(template, [imageChannel(channelPath)], context.lifetime))
  return { boot, forked }
}

/** From QEMU's start to the agent's first answer, behind which a test begins; in a boot the image must be ready, too. */
async function answered(
  start: () => Promise<RunningGuest>,
  ready: (guest: RunningGuest) => Promise<void> = async () => {},
): Promise<number> {
  const startedMs = performance.now()
  const guest = await start()
  await GuestAgent.reach(guest, stepTimeoutMs)
  await ready(guest)
  const elapsedMs = performance.now() - startedMs
  await guest.kill()
  return elapsedMs
}

/** The image as a daemon, on the machine of the podman suite. */
export async function daemonPlan({ arch, imagePath, accelerator }: BenchmarkContext): Promise<GuestPlan> {
  const { kernel, initramfs } = await ensureBootKit(arch)
  return {
    shape: quickShape(architectures[arch], accelerator),
    boot: { kernel, initramfs, parameters: ['quiet', ...contractParameters({ daemon: true })] },
    devices: [disk('rootfs', imagePath, 'read-only')],
  }
}

const withChannel = (plan: GuestPlan, channelPath: string): GuestPlan => ({
  ...plan,
  devices: [...plan.devices, imageChannel(channelPath)],
})

async function makeTemplate({ folder, lifetime }: BenchmarkContext, plan: GuestPlan): Promise<GuestTemplate> {
  const channelPath = await openSocketFolder(folder, 'template', lifetime)
  const guest = await startTemplateGuest(plan, folder, [imageChannel(channelPath)], lifetime)
  await GuestAgent.reach(guest, stepTimeoutMs)
  const daemon = await DaemonChannel.connect(guest, channelPath)
  await daemon.ping(stepTimeoutMs)
  return freeze(guest, plan, folder)
}
