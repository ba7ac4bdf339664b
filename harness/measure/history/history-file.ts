import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import lockfile from 'proper-lockfile'
import { EnvironmentFault } from '../../model/faults.ts'
import { boundedText } from '../../platform/bounded-file.ts'
import { systemErrorText } from '../../platform/process/system-error.ts'
import { type HistoryRecord, readRecord } from './record.ts'

/** A record has some 4 kB: this is years of runs. */
const maxBytes = 256 * 1024 * 1024
/** An append takes milliseconds; whoever has not renewed the lock for this long is dead. */
const staleLockMs = 10_000
const lockRetries = { retries: 300, factor: 1, minTimeout: 100, maxTimeout: 100 }

export interface HistoryContent {
  records: HistoryRecord[]
  /** Numbers of lines that are no records, from 1: a writer died in one, or something else wrote there. */
  damagedLines: number[]
}

/**
 * Appends records, one line each, in one write under a lock, and waits until they are on the disk. A line that a crash
 * cut off is closed first, so that it damages nothing but itself. What is there is never changed.
 */
export async function appendHistory(path: string, records: readonly HistoryRecord[]): Promise<void> {
  if (records.length === 0) return
  const release = await locked(path)
  try {
    const file = await open(path, 'a+')
    try {
      const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
      await file.appendFile(`${(await endsInLine(file)) ? '\n' : ''}${lines}`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw notWritten(path, cause as NodeJS.ErrnoException)
  } finally {
    await release()
  }
}

async function locked(path: string): Promise<() => Promise<void>> {
  try {
    await mkdir(dirname(path), { recursive: true })
    return await lockfile.lock(path, { realpath: false, stale: staleLockMs, retries: lockRetries })
  } catch (cause) {
    throw notWritten(path, cause as NodeJS.ErrnoException)
  }
}

const notWritten = (path: string, cause: NodeJS.ErrnoException): EnvironmentFault =>
  new EnvironmentFault('E_OUTPUT', `The history ${path} was not written: ${systemErrorText(cause) ?? cause.message}`, {
    cause,
  })

/** Whether the last line has no end. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}

/** Reads a history; a file that does not exist yet is an empty one. Throws CallFault for one that cannot be read. */
export async function readHistory(path: string): Promise<HistoryContent> {
  const lines = existsSync(path) ? boundedText(path, 'history', maxBytes).split('\n') : []
  const content: HistoryContent = { records: [], damagedLines: [] }
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const record = readRecord(line)
    if (record) content.records.push(record)
    else content.damagedLines.push(index + 1)
  }
  return content
}
