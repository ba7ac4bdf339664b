#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runMutants } = await import('./mutants/run-mutants.ts')
  return runMutants(callArguments(import.meta.url), lifetime)
})
