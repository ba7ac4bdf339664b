import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import { agentParameters, agentScripts, packAgentArchive } from './agent-archive.ts'

const archive = await packAgentArchive({
  busybox: Buffer.from('static'),
  agent: [{ name: 'qemu-ga', contents: Buffer.from('odd') }],
})

test('the archive is plain and ends where one of any kind may follow', () => {
  expect(archive.toString('latin1', 0, 6)).toBe('070701')
  expect(archive.length % 4).toBe(0)
})

test('all that is in it lies in one folder, among it the program that the kernel starts', () => {
  const paths = [...archive.toString('latin1').matchAll(/070701[\da-f]{104}([^\0]+)\0/g)].map(([, path]) => path)
  expect(paths).toContain(agentParameters[0]?.replace('rdinit=/', ''))
  expect(paths).toContain('.harness/agent/qemu-ga')
  expect(paths.filter((path) => !/^(?:\.harness(?:\/|$)|TRAILER!!!$)/.test(path as string))).toEqual([])
})

test('its scripts are scripts of the shell that runs them', async () => {
  const scripts = await agentScripts()
  expect(scripts.map(({ pathname }) => basename(pathname))).toEqual(['enter', 'follow', 'hold', 'join', 'stage'])
  for (const url of scripts)
    await requireTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: await readFile(url) })
})
