import { parentPort, workerData } from 'node:worker_threads'
import { keepCompiledCode } from '../../platform/compile-cache.mjs'

// A thread does not share the compiled code of the main thread: it would load the part of Node that strips types first.
keepCompiledCode()

const { decodeShare } = await import('./decode-share.ts')

parentPort?.postMessage(decodeShare(workerData))
