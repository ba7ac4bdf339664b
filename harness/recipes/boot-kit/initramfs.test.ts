import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { writeCpio } from '../cpio-archive.ts'
import { applets, type InitramfsContents, initramfsEntries, packInitramfs } from './initramfs.ts'

const kernelModule = (name: string) => ({ name, contents: Buffer.from(name), requires: [] })

const contents: InitramfsContents = {
  busybox: Buffer.from('busybox'),
  init: Buffer.from('#!/bin/sh\n'),
  kernelVersion: '6.12.1-test',
  moduleGroups: {
    root: [kernelModule('squashfs'), kernelModule('overlay')],
    network: [kernelModule('bridge')],
    xen: [],
  },
}

const textAt = (path: string) => {
  const entry = initramfsEntries(contents).find((candidate) => candidate.path === path)
  return entry?.kind === 'file' ? entry.contents.toString() : undefined
}

test('lists each group in loading order, one name a line', () => {
  expect(textAt('modules/root')).toBe('squashfs\noverlay\n')
  expect(textAt('modules/xen')).toBe('')
})

test("modprobe finds every module under the kernel's version", () => {
  expect(textAt('lib/modules/6.12.1-test/modules.dep')).toBe('squashfs.ko:\noverlay.ko:\nbridge.ko:\n')
  expect(textAt('lib/modules/6.12.1-test/bridge.ko')).toBe('bridge')
})

test('packs a gzip of the archive whose bytes are the same each time', () => {
  const packed = packInitramfs(contents)
  expect(gunzipSync(packed).equals(writeCpio(initramfsEntries(contents)))).toBe(true)
  expect(packInitramfs(contents).equals(packed)).toBe(true)
})

test('every folder of an entry has an entry of its own', () => {
  const entries = initramfsEntries(contents)
  const folders = new Set(entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path))
  const parents = entries.map(({ path }) => path.split('/').slice(0, -1).join('/')).filter(Boolean)
  expect(parents.filter((parent) => !folders.has(parent))).toEqual([])
})

test("the kit's init calls no program that the initramfs does not have", async () => {
  const script = await readFile(new URL('./init', import.meta.url), 'utf8')
  const called = ['chroot', 'cp', 'mkdir', 'modprobe', 'mount', 'reboot', 'rm', 'sleep', 'switch_root']
  for (const name of called) expect(script).toMatch(new RegExp(`(^|[ (;&|])${name} `, 'm'))
  expect(applets.toSorted()).toEqual([...called, 'sh'].toSorted())
})
