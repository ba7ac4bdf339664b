#!/usr/bin/env zx
import { requireNode } from '../harness/platform/setup/node-version.mjs'

requireNode()

const { callArguments } = await import('../harness/platform/call-folder.ts')
const { runEntry } = await import('../harness/cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runMutants } = await import('./mutants/run-mutants.ts')
  return runMutants(callArguments(import.meta.url), lifetime)
})
