import type { InspectedImage } from '../inspect-image.ts'
import { daemonOptions } from './daemon-options.ts'

/** dockerd(8), `--config-file`. */
const usualPath = '/etc/docker/daemon.json'

/** The file that dockerd is configured by, as it reads it; an empty one sets nothing. */
export interface DaemonFile {
  path: string
  /** Missing where it is not one JSON object. */
  table?: Readonly<Record<string, unknown>>
  problem?: string
}

/** Where dockerd looks for its file: init may name another one. */
const daemonFilePath = ({ init }: InspectedImage): string =>
  daemonOptions(init).find(({ key }) => key === 'config-file')?.value ?? usualPath

/** Undefined where the image has none. */
export function readDaemonFile(image: InspectedImage): DaemonFile | undefined {
  const path = daemonFilePath(image)
  const text = image.files.text(path)?.replace(/^\uFEFF/, '')
  if (text === undefined) return undefined
  if (text.trim() === '') return { path, table: {} }
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { path, table: value as Record<string, unknown> } : { path, problem: 'it is no JSON object' }
  } catch (error) {
    return { path, problem: (error as Error).message }
  }
}
