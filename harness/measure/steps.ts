import { workloadReference } from './guest/registry-files.ts'

/** One command that a measured guest runs, and the phase that its time is. */
export interface Step {
  /** First word of the metric's name. */
  phase: string
  /** For the image's own shell. */
  command: string
}

/** Removes all images, so that the next pull finds nothing of what it pulls. */
const remove = (phase: string): Step => ({ phase, command: 'podman rmi --all --force' })

const pull = (workload: string): Step => ({
  phase: `pull_${workload.replaceAll('-', '_')}`,
  command: `podman pull --quiet --tls-verify=false ${workloadReference(workload)}`,
})

const run = (phase: string, network: string): Step => ({
  phase,
  command: `podman run --rm ${network} ${workloadReference('alpine')} true`,
})

const everyday: readonly Step[] = [
  { phase: 'version', command: 'podman version' },
  { phase: 'load', command: 'podman load --quiet --input /dev/.measure/loaded.tar' },
  remove('remove'),
  pull('alpine'),
  run('run_first', '--network none'),
  run('run_second', '--network none'),
]

/**
 * What the exact machine runs: one of each, since every instruction is counted. Podman's garbage collector starts by the
 * clock and by chance: with it another seed of the machine moved load by 5 % on aarch64, without it by 0.5 %.
 */
export const exactSteps: readonly Step[] = everyday.map((step) => ({ ...step, command: `GOGC=off ${step.command}` }))

/** What the paired tiers run besides: what a pull costs by layers, by bytes and by compression, and a network. */
export const pairedSteps: readonly Step[] = [
  ...everyday,
  run('run_network', ''),
  ...['twenty-layers', 'large-layer', 'zstd'].flatMap((workload) => [
    remove(`remove_before_${workload.replaceAll('-', '_')}`),
    pull(workload),
  ]),
]

/** The workloads whose images the steps pull. */
export const pulledWorkloads = (steps: readonly Step[]): string[] =>
  ['alpine', 'twenty-layers', 'large-layer', 'zstd'].filter((workload) =>
    steps.some(({ command }) => command.endsWith(workloadReference(workload))),
  )
