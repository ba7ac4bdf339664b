#!/usr/bin/env zx
import { keepCompiledCode } from './call/compile-cache.mjs'
import { requireNode } from './setup/node-version.mjs'

requireNode()
keepCompiledCode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./call/call-folder.ts')
  const { parseVerifyCall } = await import('./call/parse-verify-call.ts')
  const call = parseVerifyCall(callArguments(import.meta.url))
  if (call.action === 'verify') {
    const { verifyImages } = await import('./verify/verify-images.ts')
    return verifyImages(call, lifetime)
  }
  if (call.action === 'merge') {
    const { mergeRuns } = await import('./merge/merge-runs.ts')
    return mergeRuns(call, lifetime)
  }
  if (call.action === 'self-test') {
    const { runSelfTest } = await import('./verify/self-test.ts')
    return runSelfTest(call, lifetime)
  }
  const { answerQuestion } = await import('./verify/answer-question.ts')
  return answerQuestion(call)
})
