#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('build', import.meta.url)
