#!/usr/bin/env zx
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./platform/call-folder.ts')
  const { parseBuildCall } = await import('./cli/build/parse-build-call.ts')
  const call = parseBuildCall(callArguments(import.meta.url))
  const { answerBuildCall } = await import('./cli/build/answer-build-call.ts')
  return answerBuildCall(call, lifetime)
})
