#!/usr/bin/env zx
import { keepCompiledCode } from './platform/compile-cache.mjs'
import { requireNode } from './platform/setup/node-version.mjs'

requireNode()
keepCompiledCode()

const { runEntry } = await import('./cli/run-entry.ts')

await runEntry(async (lifetime) => {
  const { callArguments } = await import('./platform/call-folder.ts')
  const { parseShellCall } = await import('./cli/shell/shell-call.ts')
  const call = parseShellCall(callArguments(import.meta.url))
  const { openShell } = await import('./cli/shell/open-shell.ts')
  // The clock starts with this process.
  return openShell(call, lifetime, 0)
})
