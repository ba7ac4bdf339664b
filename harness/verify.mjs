#!/usr/bin/env zx
import { keepCompiledCode } from './platform/compile-cache.mjs'
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()
keepCompiledCode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./platform/call-folder.ts')
  const { parseVerifyCall } = await import('./cli/parse-verify-call.ts')
  const call = parseVerifyCall(callArguments(import.meta.url))
  if (call.action === 'verify') {
    const { verifyImages } = await import('./cli/verify/verify-images.ts')
    return verifyImages(call, lifetime)
  }
  if (call.action === 'merge') {
    const { mergeRuns } = await import('./cli/merge/merge-runs.ts')
    return mergeRuns(call, lifetime)
  }
  const { answerQuestion } = await import('./cli/verify/answer-question.ts')
  return answerQuestion(call)
})
