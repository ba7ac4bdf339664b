#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runStages } = await import('./own-tests/run-stages.ts')
  const { stages } = await import('./own-tests/stages.ts')
  return runStages(stages, lifetime)
})
