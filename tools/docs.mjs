#!/usr/bin/env zx
import { requireNode } from '../harness/platform/setup/node-version.mjs'

requireNode()

const { runEntry } = await import('../harness/cli/run-entry.ts')

await runEntry(async () => {
  const { renewDocuments } = await import('./documents/renew-documents.ts')
  return renewDocuments()
})
