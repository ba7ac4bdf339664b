import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { contractParameters } from '../../harness/contract/request.ts'
import { DaemonChannel } from '../../harness/guest/daemon-channel.ts'
import { GuestAgent } from '../../harness/guest/guest-agent.ts'
import { disk, imageChannel } from '../../harness/machine/devices.ts'
import type { GuestPlan } from '../../harness/machine/guest-plan.ts'
import { quickShape } from '../../harness/machine/machine-shape.ts'
import { type RunningGuest, startGuest } from '../../harness/machine/start-guest.ts'
import { fork, freeze, type GuestTemplate, startTemplateGuest } from '../../harness/machine/template.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { requireTool } from '../../harness/platform/process/run-tool.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import { type Benchmark, type BenchmarkContext, inTurn, type Measurement, millisecondsOf, timed } from './benchmark.ts'
import { testsBootedAndForked } from './podman-tests.ts'

/** Bound on one boot, one fork or one command; several times what a loaded machine takes. */
const stepTimeoutMs = 240_000

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  {
    title: 'A fork answers instead of a boot',
    ratio: { over: 'boot_answer_ms', under: 'fork_answer_ms', goal: '25 or more; the fork in 500 ms or less' },
    measure: bootsAndForks,
  },
  {
    title: 'Three tests of the podman suite, with a boot and a pull each or in a fork of a guest that has both',
    ratio: { over: 'three_tests_booted_ms', under: 'three_tests_forked_ms', goal: '5 or more' },
    measure: testsBootedAndForked,
  },
  {
    title: 'The static suite as a whole process, against a plain extraction by unsquashfs',
    ratio: { over: 'static_suite_ms', under: 'extraction_ms', goal: '1.5 or less' },
    measure: staticAndExtraction,
  },
]

async function bootsAndForks(context: BenchmarkContext): Promise<Measurement[]> {
  const plan = await daemonPlan(context)
  const template = await makeTemplate(context, plan)
  const channelPath = join(context.folder, 'answered.sock')
  const boot = () =>
    answered(
      () => startGuest(withChannel(plan, channelPath), context.lifetime),
      async (guest) => (await DaemonChannel.connect(guest, channelPath)).ping(stepTimeoutMs),
    )
  const forked = () => answered(() => fork(template, [imageChannel(channelPath)], context.lifetime))
  const boots: number[] = []
  const forks: number[] = []
  for (let round = 0; round < 3; round++) {
    boots.push(await boot())
    for (let repeat = 0; repeat < 5; repeat++) forks.push(await forked())
  }
  return [millisecondsOf('boot_answer_ms', context, boots), millisecondsOf('fork_answer_ms', context, forks)]
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

async function staticAndExtraction(context: BenchmarkContext): Promise<Measurement[]> {
  const out = join(context.folder, 'static')
  const tree = join(context.folder, 'tree')
  const verify = ['harness/verify.mjs', context.imagePath, '--suite', 'static', '--quiet', '--out', out]
  const runVerify = () => requireTool('zx', verify, { cwd: projectFolder, timeoutMs: stepTimeoutMs })
  const extract = () =>
    requireTool('unsquashfs', ['-q', '-n', '-d', tree, context.imagePath], { timeoutMs: stepTimeoutMs })
  await runVerify()
  const [suite, extraction] = await inTurn(
    7,
    () => timed(runVerify),
    async () => {
      const elapsedMs = await timed(extract)
      await rm(tree, { recursive: true })
      return elapsedMs
    },
  )
  return [millisecondsOf('static_suite_ms', context, suite), millisecondsOf('extraction_ms', context, extraction)]
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
  const channelPath = join(folder, 'template.sock')
  const guest = await startTemplateGuest(plan, folder, [imageChannel(channelPath)], lifetime)
  await GuestAgent.reach(guest, stepTimeoutMs)
  const daemon = await DaemonChannel.connect(guest, channelPath)
  await daemon.ping(stepTimeoutMs)
  return freeze(guest, plan, folder)
}
