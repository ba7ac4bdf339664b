import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { squashfsOf } from '../../../fixtures/static/tiny-image.ts'
import { program, type TinyEntry } from '../../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../../image/open-image-file.ts'
import { architectures } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { readArchitecture } from './image-architecture.ts'

const folder = mkdtempSync(join(tmpdir(), 'image-architecture-'))
afterAll(() => rmSync(folder, { recursive: true }))

const x86 = program(tinyElf({ machine: architectures.x86_64.elfMachine }))
const arm = program(tinyElf({ machine: architectures.aarch64.elfMachine }))
const riscv = program(tinyElf({ machine: 243 }))

const architectureOf = async (entries: Readonly<Record<string, TinyEntry>>) =>
  readArchitecture(
    await openImageFile(await squashfsOf(join(folder, 'image.squashfs'), new Map(Object.entries(entries)))),
  )

test.each([
  ['by its shell and podman', { '/bin/sh': arm, '/usr/bin/podman': arm, '/bin/a': x86, '/bin/b': x86 }, 'aarch64'],
  ['by most programs where those differ', { '/bin/sh': arm, '/usr/bin/podman': x86, '/bin/a': x86 }, 'x86_64'],
  ['by most programs where there are none of those', { '/init': program('#!/bin/sh\n'), '/sbin/a': arm }, 'aarch64'],
] as const)('an image’s architecture is told %s', async (_, entries, expected) => {
  expect(await architectureOf(entries)).toBe(expected)
})

test.each([
  ['built for another architecture', { '/bin/sh': riscv }, /is built for ELF machine 243; supported are/],
  ['without a program', { '/bin/sh': program('#!/bin/none\n') }, /contains no ELF program/],
])('an image %s is refused', async (_, entries, sentence) => {
  const refusal = expect(architectureOf(entries)).rejects
  await refusal.toThrow(CallFault)
  await refusal.toThrow(sentence)
})
