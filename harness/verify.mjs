#!/usr/bin/env zx
import { openDoor } from './cli/door.mjs'

await openDoor('verify', import.meta.url)
