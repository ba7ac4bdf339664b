import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheKey } from '../../platform/cache/cache.ts'
import { projectFolder } from '../../platform/call-folder.ts'

/** What a module loads, at its start or later; types are erased and load nothing. */
const loaded =
  /\b(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s+)?'(\.{1,2}\/[^']+)'|\bimport\(\s*'(\.{1,2}\/[^']+)'/g

/** Texts of the harness's modules, each read once; paths are relative to the project. */
export class ModuleTexts {
  readonly #modules = new Map<string, Module>()

  text(path: string): string {
    return this.#module(path).text
  }

  /** Hash of a module's text. */
  hash(path: string): string {
    return this.#module(path).hash
  }

  /** Paths of the modules and of all that they load, sorted; what those in `leaves` load is left out. */
  closure(entries: readonly string[], leaves: readonly string[] = []): string[] {
    const found = new Set<string>()
    const waiting = [...entries]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (found.has(path)) continue
      found.add(path)
      if (!leaves.includes(path)) waiting.push(...this.#module(path).loads)
    }
    return [...found].sort()
  }

  #module(path: string): Module {
    const known = this.#modules.get(path)
    if (known !== undefined) return known
    const text = readFileSync(join(projectFolder, path), 'utf8')
    const loads = [...text.matchAll(loaded)].map(([, atStart, later]) =>
      join(dirname(path), (atStart ?? later) as string),
    )
    const module = { text, hash: cacheKey(text), loads }
    this.#modules.set(path, module)
    return module
  }
}

interface Module {
  text: string
  hash: string
  loads: readonly string[]
}
