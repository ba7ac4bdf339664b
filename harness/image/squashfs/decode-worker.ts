import { parentPort, workerData } from 'node:worker_threads'
import { type DecodeTask, decodeShare } from './decode-share.ts'

parentPort?.postMessage(decodeShare(workerData as DecodeTask))
