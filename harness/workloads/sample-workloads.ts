import { createCipheriv } from 'node:crypto'
import { forEachArchitecture } from '../model/architecture.ts'
import { workloadTable } from './images/table.ts'
import { makeWorkloads, type Workloads, workloadsIn } from './make-workloads.ts'

/** For tests: some workloads of the real table around two stand-ins for busybox, made in a moment and without a network. */
export async function sampleWorkloads(folder: string, names: readonly string[]): Promise<Workloads> {
  const table = workloadTable.filter(({ name }) => names.includes(name))
  const busyboxes = forEachArchitecture(standIn)
  return workloadsIn(folder, await makeWorkloads(table, busyboxes, folder))
}

/** As large as a busybox, and as little compressible as one after compression. */
function standIn(key: string): Buffer {
  return createCipheriv('aes-128-ctr', key.padEnd(16), Buffer.alloc(16)).update(Buffer.alloc(1_000_000))
}
