#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./call/call-folder.ts')
  const { compareHelp, parseCompareCall } = await import('./compare/compare-call.ts')
  const call = parseCompareCall(callArguments(import.meta.url))
  if (call.action === 'help') {
    process.stdout.write(compareHelp())
    return 0
  }
  const { compareImages } = await import('./compare/compare-images.ts')
  return compareImages(call, lifetime)
})
