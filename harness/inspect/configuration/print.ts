import type { FileKind } from './layers.ts'

/** A value as TOML would write it, near enough for people. */
export const readableValue = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'nothing'

/** The configuration in force, as data for a report. */
export interface ConfigurationReport {
  podman: { version: string; path: string; versionSource: string } | undefined
  files: {
    kind: FileKind
    read: string[]
    ignored: { path: string; reason: string }[]
    values: { key: string; value: unknown; origin: string }[]
  }[]
  /** Variables that init sets and that podman looks at. */
  environment: { name: string; value: string; origin: string }[]
  /** Folders in which init looks for commands. */
  searchPath: string[]
}
