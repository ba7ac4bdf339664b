import { isAbsolute, resolve } from 'node:path'
import { CallFault } from '../model/faults.ts'
import { nearest } from './nearest.ts'

/** Reads a comma-separated list, given once or in several options, of words from a closed set; keeps the set's order. */
export function readList<T extends string>(option: string, given: readonly string[], allowed: readonly T[]): T[] {
  const words = given.flatMap((list) => list.split(',')).map((word) => word.trim())
  const chosen = new Set(words.map((word) => readWord(option, word, allowed)))
  return allowed.filter((word) => chosen.has(word))
}

/** Reads one word from a closed set. */
export function readWord<T extends string>(option: string, word: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(word)) return word as T
  const suggestion = nearest(word, allowed)
  throw new CallFault(
    `--${option} does not know "${word}"${suggestion ? `; did you mean ${suggestion}?` : `: it takes ${allowed.join(', ')}.`}`,
  )
}

/** Reads a whole number between two limits, both included. */
export function readNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new CallFault(`--${option} must be an integer from ${min} to ${max}, not "${text}".`)
}

/** Reads `--registry`: a way to start one, or the address of one that runs. */
export function readRegistry(text: string): string {
  if (!text.includes('/') && !text.includes(':')) return readWord('registry', text, ['process', 'testcontainers'])
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new CallFault(`--registry takes process, testcontainers or http(s)://HOST:PORT, not "${text}".`)
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password)
    throw new CallFault(`--registry takes only scheme, host and port of a registry: "${url.origin}", not "${text}".`)
  return url.origin
}

/** A profile is a name, or a file where it has a slash or an extension. */
export const readProfile = (text: string, folder: string): string => (/[/.]/.test(text) ? absolute(text, folder) : text)

export const absolute = (path: string, folder: string): string => (isAbsolute(path) ? path : resolve(folder, path))

/** Two paths and nothing else, made absolute: the images that a command is about. */
export function readTwoImages(command: string, names: string, positionals: readonly string[], folder: string) {
  const [first, second, tooMuch] = positionals
  if (first === undefined || second === undefined || tooMuch !== undefined)
    throw new CallFault(`${command} takes two images: ${command} ${names}.`)
  return [absolute(first, folder), absolute(second, folder)] as const
}
