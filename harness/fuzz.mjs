#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runFuzzCommand } = await import('./fuzz/fuzz-command.ts')
  return runFuzzCommand(callArguments(import.meta.url), lifetime)
})
