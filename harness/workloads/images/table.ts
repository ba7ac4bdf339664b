import type { Workload } from '../workload.ts'
import { everydayWorkloads } from './everyday.ts'
import { hostileWorkloads } from './hostile.ts'
import { layerWorkloads } from './layers.ts'
import { programWorkloads } from './programs.ts'

/** All images that the harness makes and serves. */
export const workloadTable: readonly Workload[] = [
  ...everydayWorkloads,
  ...layerWorkloads,
  ...programWorkloads,
  ...hostileWorkloads,
]
