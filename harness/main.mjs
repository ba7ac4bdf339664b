#!/usr/bin/env node
import { keepCompiledCode } from './platform/compile-cache.mjs'
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()
keepCompiledCode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runCommandLine } = await import('./cli/main.ts')
  return runCommandLine(process.argv.slice(2), lifetime)
})
