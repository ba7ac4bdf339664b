#!/usr/bin/env zx
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./platform/call-folder.ts')
  const { compareHelp, parseCompareCall } = await import('./cli/compare/compare-call.ts')
  const call = parseCompareCall(callArguments(import.meta.url))
  if (call.action === 'help') {
    process.stdout.write(compareHelp())
    return 0
  }
  const { compareImages } = await import('./cli/compare/compare-images.ts')
  return compareImages(call, lifetime)
})
