import { join } from 'node:path'
import { expect } from 'vitest'
import { markers } from '../../harness/contract/markers.ts'
import type { ContractRequest } from '../../harness/contract/request.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { bootOneShot, bootTestTimeoutMs, podmanBootTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk, writeOciLayout, writeRootFileSystem } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { expectRefusal } from '../../harness/run/contract-report.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { type BootEnvironment, sharedBoot } from '../../harness/run/shared-boot.ts'

const nonce = nonces()
const codes = { root: nonce.code('root'), layout: nonce.code('layout') }
const word = nonce.word('identify')
const identify = `. /etc/os-release; echo "${word} in a $ID"`
const identity = `${word} in a workload`

const rootFileSystem = sharedBoot('VXN-001', async (environment) => {
  const root = await writeRootFileSystem('alpine', environment.coordinates.boot.arch, join(environment.folder, 'root'))
  return bootContainer(environment, root, { cmd: `${identify}; exit ${codes.root}`, input: 'dir' })
})

const layout = sharedBoot('VXN-003', async (environment) => {
  const folder = await makeShare(environment.folder, 'layout', {})
  await writeOciLayout('alpine', environment.coordinates.boot.arch, 'docker.io/library/alpine:latest', folder)
  return bootContainer(environment, folder, { cmd: `${identify}; exit ${codes.layout}`, input: 'oci' })
})

const nothingToRun = sharedBoot('VXN-005', async (environment) => {
  const folder = await makeShare(environment.folder, 'nothing', { 'read.me': 'There is no container here.\n' })
  return bootContainer(environment, folder, { cmd: identify, input: 'oci' })
})

async function bootContainer(
  { coordinates, folder, lifetime }: BootEnvironment,
  content: string,
  request: ContractRequest,
) {
  const inputDisk = await makeDisk(join(folder, 'input-disk'), 64, content)
  const boot = { request, xen: true, inputDisk, timeoutMs: podmanBootTimeoutMs } as const
  return bootOneShot(coordinates, boot, lifetime)
}

requirement('VXN-001', bootTestTimeoutMs, async () => {
  const { output, error } = (await rootFileSystem()).answer
  expect(output ?? `${markers.error} ${error}`, 'output of the command in the root file system').toBe(identity)
})

requirement('VXN-002', bootTestTimeoutMs, async () => {
  expect((await rootFileSystem()).answer.exitCode, `exit code after "exit ${codes.root}"`).toBe(codes.root)
})

requirement('VXN-003', bootTestTimeoutMs, async () => {
  const { output, error } = (await layout()).answer
  expect(output ?? `${markers.error} ${error}`, 'output of the command in the image of the layout').toBe(identity)
})

requirement('VXN-004', bootTestTimeoutMs, async () => {
  expect((await layout()).answer.exitCode, `exit code after "exit ${codes.layout}"`).toBe(codes.layout)
})

requirement('VXN-005', bootTestTimeoutMs, async () => {
  expectRefusal(await nothingToRun(), 'an input disk that holds no container')
})
