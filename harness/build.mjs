#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./call/call-folder.ts')
  const { parseBuildCall } = await import('./build/call/parse-build-call.ts')
  const call = parseBuildCall(callArguments(import.meta.url))
  const { answerBuildCall } = await import('./build/call/answer-build-call.ts')
  return answerBuildCall(call, lifetime)
})
