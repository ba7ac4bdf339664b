import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { architectures } from '../architecture.ts'
import { projectFolder } from '../call/call-folder.ts'
import { systemParts } from './system-parts.mjs'

const proofs = systemParts.map(({ proof }) => proof)

/** Calls in which the harness names a tool of the system, in the forms that start one. */
const toolCalls = /\b(?:runTool|requireTool|startChild|spawn|spawnSync|execFile|execa)\(\s*(['"`])(?<tool>[^'"`$]+)\1/g

const sources = globSync(['harness/**/*.ts', 'suites/**/*.ts', 'fixtures/**/*.ts'], { cwd: projectFolder })
const calledTools = (path: string) =>
  [...readFileSync(`${projectFolder}/${path}`, 'utf8').matchAll(toolCalls)].map(({ groups }) => groups?.tool as string)

describe('the table of system parts', () => {
  test('holds every tool that the harness and its tests call', () => {
    const called = sources.flatMap(calledTools)
    expect(called).toContain('mmdebstrap')
    expect(proofs).toEqual(expect.arrayContaining(called))
  })

  test('holds the emulator of every architecture', () => {
    expect(proofs).toEqual(expect.arrayContaining(Object.values(architectures).map(({ emulator }) => emulator)))
  })

  test('names each part once, with a purpose', () => {
    expect(new Set(proofs).size).toBe(proofs.length)
    for (const { purpose } of systemParts) expect(purpose).not.toBe('')
  })
})
