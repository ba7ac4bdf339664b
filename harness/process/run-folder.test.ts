import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openRunFolder } from './run-folder.ts'

test('a run removes the folders of runs that were killed and keeps those of living ones', async () => {
  const own = await openRunFolder()
  const dead = join(dirname(own), `run-${process.pid}-1`)
  await mkdir(dead)
  expect(await openRunFolder()).toBe(own)
  expect([existsSync(own), existsSync(dead)]).toEqual([true, false])
  await rm(own, { recursive: true })
})
