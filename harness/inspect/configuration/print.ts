import { printableLine } from '../../model/printable.ts'
import type { InspectedImage } from '../inspect-image.ts'
import type { FileKind } from './layers.ts'

/** The configuration in force, as data for a report. */
export interface ConfigurationReport {
  /** Missing where no podman was found; then the rules of podman 5 are used. */
  podman?: { path: string; version: string; versionSource: string }
  files: ConfigurationFileReport[]
  /** Variables with fixed values that init sets. */
  environment: { name: string; value: string; origin: string }[]
  /** Folders in which init looks for commands. */
  searchPath: readonly string[]
}

export interface ConfigurationFileReport {
  kind: FileKind
  /** Files in the order in which later ones override earlier ones. */
  read: string[]
  ignored: { path: string; reason: string }[]
  values: { key: string; value: unknown; origin: string }[]
}

/** What podman of the image's version will see, each value with the file or variable it came from. */
export function configurationReport({ configuration, podman, init }: InspectedImage): ConfigurationReport {
  const files = Object.values(configuration).map(({ kind, layers, ignored, values }) => ({
    kind,
    read: layers.map(({ path }) => path),
    ignored: ignored.map(({ path, reason }) => ({ path, reason })),
    values: [...values].map(([key, { value, origin }]) => ({ key, value: plainNumbers(value), origin })),
  }))
  const environment = [...init.environment].map(([name, { value, path, line }]) => ({
    name,
    value,
    origin: `${path}:${line}`,
  }))
  return {
    ...(podman && { podman: { path: podman.path, version: podman.version, versionSource: podman.source } }),
    files,
    environment,
    searchPath: init.searchPath,
  }
}

/** The same for people, a screen or two long. Text of the image is escaped, so that none of it moves a terminal's cursor. */
export function configurationText({ podman, files, environment, searchPath }: ConfigurationReport): string {
  const heading = podman
    ? `podman ${podman.version} (from the ${podman.versionSource}) at ${podman.path}`
    : 'no podman found; the rules of podman 5 are used'
  const lines = [
    heading,
    `search path ${searchPath.join(':')}`,
    ...files.flatMap(fileLines),
    ...environmentLines(environment),
  ]
  return lines.map((line) => `${printableLine(line)}\n`).join('')
}

function fileLines({ kind, read, ignored, values }: ConfigurationFileReport): string[] {
  const width = Math.max(0, ...values.map(({ key }) => key.length))
  return [
    '',
    `${kind}.conf: ${read.length === 0 ? 'no file; podman takes its defaults' : read.join(' < ')}`,
    ...values.map(({ key, value, origin }) => `  ${key.padEnd(width)} = ${readableValue(value)}  (${origin})`),
    ...ignored.map(({ path, reason }) => `  ${path} has no effect: ${reason}`),
  ]
}

function environmentLines(environment: ConfigurationReport['environment']): string[] {
  const width = Math.max(0, ...environment.map(({ name }) => name.length))
  const lines = environment.map(({ name, value, origin }) => `  ${name.padEnd(width)} = ${value}  (${origin})`)
  return ['', 'environment that init sets:', ...lines]
}

/** A value as TOML would write it, near enough for people. */
export const readableValue = (value: unknown): string => JSON.stringify(plainNumbers(value)) ?? 'nothing'

/** TOML's integers may be beyond what JSON's numbers hold; those become text. */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (Array.isArray(value)) return value.map(plainNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainNumbers(inner)]))
}
