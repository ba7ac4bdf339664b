#!/usr/bin/env zx
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./platform/call-folder.ts')
const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async () => {
  const { runCacheCommand } = await import('./cli/cache/cache-command.ts')
  return runCacheCommand(callArguments(import.meta.url))
})
