#!/usr/bin/env zx
import { openToolDoor } from './tool-door.mjs'

await openToolDoor(import.meta.url, async () => (await import('./bisect/bisect-mutants.ts')).bisectMutants)
