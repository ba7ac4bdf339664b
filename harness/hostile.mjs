#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runHostileCommand } = await import('./hostile/hostile-command.ts')
  return runHostileCommand(callArguments(import.meta.url), lifetime)
})
