#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runBenchmarks } = await import('./bench/run-benchmarks.ts')
  return runBenchmarks(callArguments(import.meta.url), lifetime)
})
