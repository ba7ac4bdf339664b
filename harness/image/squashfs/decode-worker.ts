import { parentPort, workerData } from 'node:worker_threads'
import type { DecodeTask } from './decode-data.ts'
import { decodeShare } from './decode-share.ts'

parentPort?.postMessage(decodeShare(workerData as DecodeTask))
