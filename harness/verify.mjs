#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { parseVerifyCall } = await import('./call/parse-verify-call.ts')
const { runEntry } = await import('./call/run-entry.ts')
const { verifyImages } = await import('./verify/verify-images.ts')
const { answerQuestion } = await import('./verify/answer-question.ts')

await runEntry(async (lifetime) => {
  const call = parseVerifyCall(callArguments(import.meta.url))
  return call.action === 'verify' ? verifyImages(call, lifetime) : answerQuestion(call)
})
