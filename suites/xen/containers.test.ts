import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { markers } from '../../harness/contract/markers.ts'
import { makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { domainTestTimeoutMs, rootFileSystem, runDomain } from '../../harness/run/xen-domain.ts'

const nonce = nonces()
const word = nonce.word('container')

const configured = sharedBoot('XEN-006', async (environment) => {
  const folder = await makeShare(environment.folder, 'configured', {})
  await rename(await rootFileSystem(environment), join(folder, 'rootfs'))
  const process = { args: ['/bin/sh', '-c', 'echo "$1 $MOOD"', 'sh', word], env: ['PATH=/bin', `MOOD=${word} mood`] }
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ociVersion: '1.0.2', process }))
  return runDomain(environment, folder, { input: 'dir' })
})

requirement('XEN-006', domainTestTimeoutMs, async () => {
  const { answer, domain } = await configured()
  expect(answer.output ?? domain.console.end(), 'output of the arguments of config.json').toBe(`${word} ${word} mood`)
})

const given = ["it's", 'two  blanks', '$HOME', '"quoted"', '', `*${word}`]

const exact = sharedBoot('XEN-007', async (environment) => {
  const vector = ['/bin/printf', '<%s>\n', ...given].map((text) => Buffer.from(text).toString('base64'))
  const cmd = `__VXNARGV__${vector.join(',')}`
  return runDomain(environment, await rootFileSystem(environment), { cmd, input: 'dir' })
})

requirement('XEN-007', domainTestTimeoutMs, async () => {
  const { answer, domain } = await exact()
  const shown = given.map((text) => `<${text}>`).join('\n')
  expect(answer.output ?? domain.console.end(), 'arguments as the program got them').toBe(shown)
})

const shellless = sharedBoot('XEN-008', async (environment) => {
  const root = await rootFileSystem(environment)
  const folder = join(environment.folder, 'shellless')
  await mkdir(join(folder, 'bin'), { recursive: true })
  await copyFile(join(root, 'bin/busybox'), join(folder, 'bin/busybox'))
  return runDomain(environment, folder, { cmd: `/bin/busybox echo ${word} alone`, input: 'dir' })
})

requirement('XEN-008', domainTestTimeoutMs, async () => {
  const { answer, domain } = await shellless()
  expect(answer.output ?? domain.console.end(), 'output of the program without a shell').toBe(`${word} alone`)
  expect(answer.exitCode, 'its exit code').toBe(0)
})

const nothingToRun = sharedBoot('XEN-010', async (environment) => {
  const folder = await makeShare(environment.folder, 'nothing', { 'read.me': 'There is no container here.\n' })
  return runDomain(environment, folder, { cmd: `echo ${word}`, input: 'dir' })
})

requirement('XEN-010', domainTestTimeoutMs, async () => {
  const { answer, domain } = await nothingToRun()
  expect(
    answer.error,
    `the sentence after ${markers.error}, on a console that ends with ${domain.console.end()}`,
  ).toMatch(/\S/)
  expect(answer.output, 'output beside the error').toBeUndefined()
})

const layout = sharedBoot('XEN-011', async (environment) => {
  const folder = await makeShare(environment.folder, 'layout', {})
  await writeOciLayout('entrypoint-exec', environment.coordinates.boot.arch, 'vpdmn/entrypoint-exec:latest', folder)
  return runDomain(environment, folder, { input: 'oci' })
})

requirement('XEN-011', domainTestTimeoutMs, async () => {
  const { answer, domain } = await layout()
  const shown = ['/bin/show-arguments', 'fixed argument', 'default', 'two words'].map((text) => `<${text}>`).join('\n')
  expect(answer.output ?? domain.console.end(), 'arguments of the entry point').toBe(shown)
})
