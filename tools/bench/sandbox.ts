import { forkGuest } from '../../harness/guest/prepare/forked-guest.ts'
import { ensureFreshTemplate, ensurePulledTemplate } from '../../harness/guest/prepare/podman-template.ts'
import { withoutSandbox } from '../../harness/machine/sandbox-switch.ts'
import { type Benchmark, type BenchmarkContext, inTurn, type Measurement, millisecondsOf, timed } from './benchmark.ts'
import { bootAndForkOf } from './boots-and-forks.ts'
import { commands, requestFor, timeoutMs } from './podman-tests.ts'

const goal = '1.03 or less'

/** What QEMU's sandbox costs, of the whole of what a test does: held and not, in turn. */
export const sandboxBenchmarks: readonly Benchmark[] = [
  {
    title: 'A boot to the answers of agent and image, with QEMU’s sandbox and without',
    ratio: { over: 'boot_held_ms', under: 'boot_free_ms', goal },
    measure: async (context) => heldAndFree('boot', 6, context, (await bootAndForkOf(context)).boot),
  },
  {
    title: 'A fork to the answer of its agent, with QEMU’s sandbox and without',
    ratio: { over: 'fork_held_ms', under: 'fork_free_ms', goal },
    measure: async (context) => heldAndFree('fork', 40, context, (await bootAndForkOf(context)).forked),
  },
  {
    title: 'A test of the podman suite, a fork and podman run, with QEMU’s sandbox and without',
    ratio: { over: 'podman_held_ms', under: 'podman_free_ms', goal },
    measure: async (context) => heldAndFree('podman', 12, context, await podmanTestOf(context)),
  },
]

async function heldAndFree(
  what: string,
  rounds: number,
  context: BenchmarkContext,
  take: () => Promise<number>,
): Promise<Measurement[]> {
  const [held, free] = await inTurn(rounds, take, () => withoutSandbox(take))
  return [millisecondsOf(`${what}_held_ms`, context, held), millisecondsOf(`${what}_free_ms`, context, free)]
}

async function podmanTestOf(context: BenchmarkContext): Promise<() => Promise<number>> {
  const request = await requestFor(context)
  const template = await ensurePulledTemplate(await ensureFreshTemplate(request), request)
  const { tlsPort } = request.registry
  return () =>
    timed(() =>
      request.lifetime.within(async (lifetime) => {
        const { agent } = await forkGuest({ template, tlsPort, runFolder: context.folder }, lifetime)
        await agent.mustShell(commands[0] as string, { timeoutMs })
      }),
    )
}
