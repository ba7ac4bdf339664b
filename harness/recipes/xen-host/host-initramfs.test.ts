import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import { writeCpio } from '../cpio-archive.ts'
import { type HostContents, hostApplets, hostEntries, hostScript, packHostInitramfs } from './host-initramfs.ts'

const contents: HostContents = {
  busybox: Buffer.from('busybox'),
  programs: new Map(['xl', 'xenstored', 'xenconsoled', 'xen-init-dom0', 'xenstore', 'qemu-ga'].map(named)),
  libraries: new Map(['libxenlight.so.4.20', 'ld-linux-x86-64.so.2'].map(named)),
  loader: '/lib64/ld-linux-x86-64.so.2',
  triplet: 'x86_64-linux-gnu',
  kernelVersion: '6.12.1-test',
  modules: [{ name: 'xenfs', contents: Buffer.from('xenfs'), requires: [] }],
}

function named(name: string): [string, Buffer] {
  return [name, Buffer.from(name)]
}

const entries = hostEntries(contents)
const entryAt = (path: string) => entries.find((entry) => entry.path === path)

test('programs find their loader and libraries where they look for them', () => {
  expect(entryAt('lib64/ld-linux-x86-64.so.2')).toMatchObject({ target: '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2' })
  expect(entryAt('lib/x86_64-linux-gnu/libxenlight.so.4.20')).toMatchObject({ kind: 'file', mode: 0o755 })
})

test('xl finds the scripts for disks and network devices under the names that it uses', () => {
  expect(entryAt('etc/xen/scripts/block')).toMatchObject({ kind: 'file', mode: 0o755 })
  expect(entryAt('etc/xen/scripts/vif-bridge')).toMatchObject({ kind: 'file', mode: 0o755 })
})

test('every folder of an entry has an entry of its own, once', () => {
  const folders = entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path)
  const parents = entries.map(({ path }) => path.split('/').slice(0, -1).join('/')).filter(Boolean)
  expect(parents.filter((parent) => !folders.includes(parent))).toEqual([])
  expect(entries.length).toBe(new Set(entries.map(({ path }) => path)).size)
})

test('packs a gzip of the archive whose bytes are the same each time', () => {
  const packed = packHostInitramfs(contents)
  expect(gunzipSync(packed).equals(writeCpio(entries))).toBe(true)
  expect(packHostInitramfs(contents).equals(packed)).toBe(true)
})

test.each(['init', 'block', 'vif-bridge'])('the script %s is one of the shell that runs it', async (name) => {
  await requireTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: hostScript(name) })
})

test('scripts call no program that dom0 does not have', () => {
  const texts = ['init', 'block', 'vif-bridge'].map((name) => hostScript(name).toString())
  const starts = texts.flatMap((text) => [...text.matchAll(/^ *([a-z][a-z-]+) (?!\|)/gm)].map(([, word]) => word ?? ''))
  const own = texts.flatMap((text) => [...text.matchAll(/^(\w+)\(\)/gm)].map(([, word]) => word ?? ''))
  const shell = ['case', 'export', 'for', 'if', 'read', 'return', 'until', 'while', 'echo', 'done', 'online', 'main']
  const there = [...hostApplets, ...contents.programs.keys(), 'xenstore-read', 'xenstore-write', ...own, ...shell]
  expect(starts.filter((word) => !there.includes(word))).toEqual([])
})
