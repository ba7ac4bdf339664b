import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { EnvironmentFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { busyboxApplets } from './busybox-applets.ts'

test("reads from the program what this machine's busybox lists by itself", async () => {
  const { stdout } = await requireTool('sh', ['-c', 'command -v busybox'], { timeoutMs: 10_000 })
  const listed = (await requireTool('busybox', ['--list'], { timeoutMs: 10_000 })).stdout.toString().trim().split('\n')
  expect(busyboxApplets(await readFile(stdout.toString().trim()))).toEqual(listed)
})

test('a program without the list is a fault', () => {
  expect(() => busyboxApplets(Buffer.from('no applets'))).toThrow(EnvironmentFault)
})
