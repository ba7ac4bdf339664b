#!/usr/bin/env zx
import { openToolDoor } from './tool-door.mjs'

await openToolDoor(import.meta.url, async () => (await import('./own-tests/test-command.ts')).runTests)
