import { DaemonChannel } from '../../harness/guest/daemon-channel.ts'
import { imageChannel } from '../../harness/machine/devices.ts'
import type { GuestPlan } from '../../harness/machine/guest-plan.ts'
import { processorModels, type Spread } from '../../harness/machine/processor-models.ts'
import { cpuMsOf } from '../../harness/machine/processor-time.ts'
import { openSocketFolder } from '../../harness/machine/qemu-socket.ts'
import { startGuest } from '../../harness/machine/start-guest.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { GuestFault } from '../../harness/model/faults.ts'
import { median } from '../../harness/model/quantities.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import type { Progress } from '../../harness/platform/terminal/progress.ts'
import { spreadText, takenFor } from '../documents/processor-table.ts'
import { type BenchmarkContext, type Measurement, millisecondsOf } from './benchmark.ts'
import { daemonPlan } from './boots-and-forks.ts'

const rounds = 3
/** Bound on a boot or on the commands; 25 s on an idle machine. */
const stepTimeoutMs = 240_000
const commands = 'podman info > /dev/null && podman images && podman ps -a'

/** Processor time of QEMU, a sample for each round, of one model. */
export interface ModelTimes {
  cpu: string
  bootMs: number[]
  podmanMs: number[]
}

/**
 * Boots the reference image on each model of processor and runs podman there, all models in each round, which begins with another one
 * each time. Processor time counts, not the clock: what else the machine does matters less to it. TCG alone has models of its own.
 */
export async function tryProcessors(context: BenchmarkContext, progress: Progress): Promise<ModelTimes[]> {
  const task = progress.begin(`${context.arch}: models of processor`)
  const plan = await daemonPlan({ ...context, accelerator: 'tcg' })
  const times = processorModels[context.arch].map(({ cpu }): ModelTimes => ({ cpu, bootMs: [], podmanMs: [] }))
  for (let round = 0; round < rounds; round++)
    for (const model of [...times.slice(round), ...times.slice(0, round)]) {
      task.awaiting(`${model.cpu}, round ${round + 1} of ${rounds}`)
      const { bootMs, podmanMs } = await context.lifetime.within((own) =>
        processorTimes({ ...plan, shape: { ...plan.shape, cpu: model.cpu } }, context.folder, own),
      )
      progress.note(`${context.arch}, ${model.cpu}: boot ${Math.round(bootMs)} ms, podman ${Math.round(podmanMs)} ms`)
      model.bootMs.push(bootMs)
      model.podmanMs.push(podmanMs)
    }
  task.end()
  return times
}

async function processorTimes(
  plan: GuestPlan,
  folder: string,
  lifetime: Lifetime,
): Promise<{ bootMs: number; podmanMs: number }> {
  const channelPath = await openSocketFolder(folder, 'processor', lifetime)
  const guest = await startGuest({ ...plan, devices: [...plan.devices, imageChannel(channelPath)] }, lifetime)
  const daemon = await DaemonChannel.connect(guest, channelPath)
  await daemon.ping(stepTimeoutMs)
  const bootMs = cpuMsOf(guest.pid)
  const { exitCode, text } = await daemon.run(commands, stepTimeoutMs)
  if (exitCode !== 0)
    throw new GuestFault(
      `The reference image does not run "${commands}" on ${plan.shape.cpu}: ${text}`,
      guest.console.end(),
    )
  return { bootMs, podmanMs: cpuMsOf(guest.pid) - bootMs }
}

/** Every sample, by the name of its model. */
export const processorMeasurements = (context: BenchmarkContext, times: readonly ModelTimes[]): Measurement[] =>
  times.flatMap(({ cpu, bootMs, podmanMs }) => [
    millisecondsOf(`boot_on_${cpu}_cpu_ms`, context, bootMs),
    millisecondsOf(`podman_on_${cpu}_cpu_ms`, context, podmanMs),
  ])

/** One line for each model: its times as a share of those on the model of runners in the same round, and what it is chosen for. */
export function processorTable(arch: BenchmarkContext['arch'], times: readonly ModelTimes[]): string {
  const { contractCpu } = architectures[arch]
  const base = times.find(({ cpu }) => cpu === contractCpu) as ModelTimes
  const lines = times.map(({ cpu, bootMs, podmanMs }) => {
    const [boot, podman] = [shares(bootMs, base.bootMs), shares(podmanMs, base.podmanMs)].map(spreadText)
    const needs = takenFor(arch, cpu)
    return `  boot ${boot}  podman ${podman}  ${cpu}${needs === '' ? '' : `  (taken for ${needs})`}\n`
  })
  return `Processor time of QEMU on each model, ${arch}, ${contractCpu} = 1 (median of ${base.bootMs.length} rounds, least to most)\n${lines.join('')}`
}

const shares = (own: readonly number[], base: readonly number[]): Spread => {
  const ratios = own.map((ms, round) => ms / (base[round] as number))
  return [Math.min(...ratios), median(ratios) ?? Number.NaN, Math.max(...ratios)]
}
