#!/usr/bin/env zx
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async () => {
  const { callArguments } = await import('./platform/call-folder.ts')
  const { parseHistoryCall } = await import('./cli/history/history-call.ts')
  const call = parseHistoryCall(callArguments(import.meta.url))
  const { answerHistoryCall } = await import('./cli/history/answer-history-call.ts')
  process.stdout.write(await answerHistoryCall(call))
  return 0
})
