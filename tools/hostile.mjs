#!/usr/bin/env zx
import { requireNode } from '../harness/platform/setup/node-version.mjs'

requireNode()

const { callArguments } = await import('../harness/platform/call-folder.ts')
const { runEntry } = await import('../harness/cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runHostileCommand } = await import('./hostile/hostile-command.ts')
  return runHostileCommand(callArguments(import.meta.url), lifetime)
})
