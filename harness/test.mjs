#!/usr/bin/env zx
import { requireNode } from './setup/node-version.mjs'

requireNode()

const { callArguments } = await import('./call/call-folder.ts')
const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { runTests } = await import('./own-tests/test-command.ts')
  return runTests(callArguments(import.meta.url), lifetime)
})
