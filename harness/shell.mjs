#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('shell', import.meta.url)
