#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('bisect', import.meta.url)
