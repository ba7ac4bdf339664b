#!/usr/bin/env zx
import { keepCompiledCode } from './call/compile-cache.mjs'
import { requireNode } from './setup/node-version.mjs'

requireNode()
keepCompiledCode()

const { runEntry } = await import('./call/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./call/call-folder.ts')
  const { parseShellCall } = await import('./shell/shell-call.ts')
  const call = parseShellCall(callArguments(import.meta.url))
  const { openShell } = await import('./shell/open-shell.ts')
  // The clock starts with this process.
  return openShell(call, lifetime, 0)
})
