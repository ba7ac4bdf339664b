import { existsSync, lstatSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { removeUnusable } from './remove-unusable.ts'

let tree: string
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tree-'))
  for (const folder of ['usr/bin', 'usr/lib']) await mkdir(join(tree, folder), { recursive: true })
  await writeFile(join(tree, 'usr/bin/sh'), 'a shell')
  await symlink('usr/bin', join(tree, 'bin'))
})
afterEach(() => rm(tree, { recursive: true }))

const add = (path: string, contents: string | Buffer) => writeFile(join(tree, path), contents)

test('removes scripts whose interpreter was left out, and only those', async () => {
  await add('usr/bin/works', '#!/bin/sh\n')
  await add('usr/bin/found', '#!/usr/bin/env sh\n')
  await add('usr/bin/perl-script', '#! /usr/bin/perl -w\n')
  await removeUnusable(tree)
  expect(['works', 'found', 'perl-script'].map((name) => existsSync(join(tree, 'usr/bin', name)))).toEqual([
    true,
    true,
    false,
  ])
})

test('removes links to nothing and keeps those that work only inside the tree', async () => {
  await symlink('/usr/bin/sh', join(tree, 'usr/bin/ash'))
  await symlink('/usr/bin/bash', join(tree, 'usr/bin/rbash'))
  await removeUnusable(tree)
  expect(lstatSync(join(tree, 'usr/bin/ash')).isSymbolicLink()).toBe(true)
  expect(lstatSync(join(tree, 'usr/bin/rbash'), { throwIfNoEntry: false })).toBeUndefined()
})

test('names every program that lacks a library', async () => {
  await add('usr/bin/tool', tinyElf({ needed: ['libgone.so.1', 'libhere.so.2'] }))
  await add('usr/lib/libhere.so.2.0', tinyElf({ needed: ['libaway.so.3'] }))
  await symlink('libhere.so.2.0', join(tree, 'usr/lib/libhere.so.2'))
  await expect(removeUnusable(tree)).rejects.toThrow(
    /\/usr\/bin\/tool needs libgone\.so\.1; \/usr\/lib\/libhere\.so\.2\.0 needs libaway\.so\.3\.$/,
  )
})
