#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('cache', import.meta.url)
