import { CallFault } from '../model/faults.ts'

/** Which part of a run this is, from 1. */
export interface Shard {
  index: number
  count: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** How a system tells a node which of many it is. */
interface Fleet {
  system: string
  /** Variable that is there where the system runs us. */
  index: string
  /** How many nodes there are. */
  count: string
  /** Number of the first node: a number, or a variable. */
  first: number | string
  /** Variable with the distance between two nodes' numbers; 1 where left out. */
  step?: string
}

/** The first that is there counts. */
const fleets: readonly Fleet[] = [
  // The index is Kubernetes' own; the count is set by the manifest, since a pod is not told `completions`.
  { system: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', count: 'JOB_COMPLETION_COUNT', first: 0 },
  // sbatch(1), "OUTPUT ENVIRONMENT VARIABLES": --array=10-14:2 has the IDs 10, 12 and 14.
  {
    system: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  // GitLab CI, "Predefined variables": from 1, with the keyword parallel.
  { system: 'GitLab CI', index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1 },
]

/** The shard that the environment tells. Throws CallFault where it tells none, or one that cannot be. */
export function shardOfEnvironment(environment: Environment, maxCount: number): Shard {
  const fleet = fleets.find(({ index }) => environment[index] !== undefined)
  if (!fleet) {
    const names = fleets.map(({ index, system }) => `${index} (${system})`).join(', ')
    throw new CallFault(`--shard auto found none of ${names} in the environment: give --shard I/N.`)
  }
  const count = numberOf(fleet.count, environment)
  const first = typeof fleet.first === 'number' ? fleet.first : numberOf(fleet.first, environment)
  const step = fleet.step === undefined || environment[fleet.step] === undefined ? 1 : numberOf(fleet.step, environment)
  const index = (numberOf(fleet.index, environment) - first) / step + 1
  if (count < 1 || count > maxCount)
    throw new CallFault(`--shard auto takes from 1 to ${maxCount} nodes, but ${fleet.count} is ${count}.`)
  if (!Number.isInteger(index) || index < 1 || index > count)
    throw new CallFault(
      `--shard auto: ${fleet.index} is ${environment[fleet.index]}, which is none of ${count} nodes from ${first} on.`,
    )
  return { index, count }
}

function numberOf(name: string, environment: Environment): number {
  const text = environment[name]
  if (text === undefined) throw new CallFault(`--shard auto needs ${name} in the environment: it is not set.`)
  if (!/^\d{1,9}$/.test(text)) throw new CallFault(`--shard auto: ${name} is "${text}", which is no number.`)
  return Number(text)
}
