#!/usr/bin/env zx
import { requireNode } from '../harness/platform/setup/node-version.mjs'

requireNode()

const { callArguments } = await import('../harness/platform/call-folder.ts')
const { runEntry } = await import('../harness/cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runBenchmarks } = await import('./bench/run-benchmarks.ts')
  return runBenchmarks(callArguments(import.meta.url), lifetime)
})
