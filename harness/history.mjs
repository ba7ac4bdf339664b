#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async () => {
  const { callArguments } = await import('./call/call-folder.ts')
  const { parseHistoryCall } = await import('./history/history-call.ts')
  const call = parseHistoryCall(callArguments(import.meta.url))
  const { answerHistoryCall } = await import('./history/answer-history-call.ts')
  process.stdout.write(await answerHistoryCall(call))
  return 0
})
