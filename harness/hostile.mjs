#!/usr/bin/env zx
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./platform/call-folder.ts')
const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runHostileCommand } = await import('./hostile/hostile-command.ts')
  return runHostileCommand(callArguments(import.meta.url), lifetime)
})
