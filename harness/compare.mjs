#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('compare', import.meta.url)
