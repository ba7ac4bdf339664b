import { join } from 'node:path'
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
import { openImageFile } from '../../harness/image/open-image-file.ts'
import { quickShape } from '../../harness/machine/machine-shape.ts'
import { startGuest } from '../../harness/machine/start-guest.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import { startRegistry } from '../../harness/registry/start-registry.ts'
import { ensureWorkloads } from '../../harness/workloads/ensure-workloads.ts'
import { runArguments } from '../../suites/podman/alpine-run.ts'
import { type BenchmarkContext, inTurn, type Measurement, millisecondsOf, timed } from './benchmark.ts'

/** Bound on one command; several times what a loaded machine takes. */
const timeoutMs = 240_000

/** What three requirements of the suite run: a work folder, a user and a host name (RUN-012, RUN-013, RUN-028). */
const commands: readonly string[] = [
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
  const channelPath = join(request.runFolder, 'booted.sock')
  const plan = podmanGuestPlan(request)
  const devices = [...plan.devices, ...ownDevices(channelPath, request.registry.tlsPort)]
  for (const command of commands)
    await request.lifetime.within(async (lifetime) => {
      const agent = await reachFresh(
        await startGuest({ ...plan, devices }, lifetime),
        channelPath,
        request.registry.certificateAuthority,
      )
      await pullFirst(agent)
      await agent.mustShell(command, { timeoutMs })
    })
}

async function requestFor({ arch, imagePath, folder, lifetime }: BenchmarkContext): Promise<PodmanTemplateRequest> {
  const workloads = await ensureWorkloads()
  const registry = await startRegistry({ mode: 'process', folder, lifetime, workloads })
  return {
    imagePath,
    imageSha256: (await openImageFile(imagePath)).sha256,
    boot: await ensureBootKit(arch),
    shape: quickShape(architectures[arch], 'tcg'),
    registry,
    pulledDigest: workloads.named('alpine').index.digest,
    runFolder: folder,
    lifetime,
  }
}
