#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async () => {
  const { runCacheCommand } = await import('./cache/cache-command.ts')
  return runCacheCommand(callArguments(import.meta.url))
})
