import { forkGuest } from '../../harness/guest/prepare/forked-guest.ts'
import {
  ensureFreshTemplate,
  ensurePulledTemplate,
  ownDevices,
  type PodmanTemplateRequest,
  podmanGuestPlan,
  pullFirst,
  reachFresh,
} from '../../harness/guest/prepare/podman-template.ts'
import { type GuestSource, pullingRequest, startStockedRegistry } from '../../harness/guest/prepare/prepare-guests.ts'
import { openImageFile } from '../../harness/image/open-image-file.ts'
import { openSocketFolder } from '../../harness/machine/qemu-socket.ts'
import { startGuest } from '../../harness/machine/start-guest.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import { runArguments } from '../../suites/podman/alpine-run.ts'
import { type BenchmarkContext, inTurn, type Measurement, millisecondsOf, timed } from './benchmark.ts'

/** Bound on one command; several times what a loaded machine takes. */
export const timeoutMs = 240_000

/** What three requirements of the suite run: a work folder, a user and a host name (RUN-012, RUN-013, RUN-028). */
export const commands: readonly string[] = [
  runArguments(['-w', '/var'], ['pwd']),
  runArguments(['-u', '1000:50'], ['id']),
  runArguments(['--hostname', 'named'], ['hostname']),
].map((args) => `podman ${args.join(' ')}`)

/** Both ways to three tests: a boot and a pull for each, and as the suite runs them, in one fork that they share. */
export async function testsBootedAndForked(context: BenchmarkContext): Promise<Measurement[]> {
  const request = await requestFor(context)
  const template = await ensurePulledTemplate(await ensureFreshTemplate(request), request)
  const [booted, forked] = await inTurn(
    2,
    () => timed(() => bootedTests(request)),
    () =>
      timed(() =>
        request.lifetime.within(async (lifetime) => {
          const { tlsPort } = request.registry
          const { agent } = await forkGuest({ template, tlsPort, runFolder: context.folder }, lifetime)
          for (const command of commands) await agent.mustShell(command, { timeoutMs })
        }),
      ),
  )
  return [
    millisecondsOf('three_tests_booted_ms', context, booted),
    millisecondsOf('three_tests_forked_ms', context, forked),
  ]
}

async function bootedTests(request: PodmanTemplateRequest): Promise<void> {
  const plan = podmanGuestPlan(request)
  for (const command of commands)
    await request.lifetime.within(async (lifetime) => {
      const channelPath = await openSocketFolder(request.runFolder, 'booted', lifetime)
      const devices = [...plan.devices, ...ownDevices(channelPath, request.registry.tlsPort)]
      const agent = await reachFresh(
        await startGuest({ ...plan, devices }, lifetime),
        channelPath,
        request.registry.certificateAuthority,
      )
      await pullFirst(agent)
      await agent.mustShell(command, { timeoutMs })
    })
}

export async function requestFor(context: BenchmarkContext): Promise<PodmanTemplateRequest> {
  const { arch, imagePath, folder, lifetime, accelerator } = context
  const { sha256: imageSha256 } = await openImageFile(imagePath)
  const boot = await ensureBootKit(arch)
  const source: GuestSource = { arch, imagePath, imageSha256, boot, accelerator, runFolder: folder, lifetime }
  return pullingRequest(source, await startStockedRegistry({ mode: 'process', folder, lifetime }))
}
