#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('history', import.meta.url)
