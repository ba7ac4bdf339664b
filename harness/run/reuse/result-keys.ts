import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Requirement } from '../../model/requirement.ts'
import { cacheKey } from '../../platform/cache/cache.ts'
import { projectFolder } from '../../platform/call-folder.ts'
import { ModuleTexts } from '../sources/module-closure.ts'
import { fileOf, type SuiteFile, suiteFiles, textBehind } from '../sources/suite-files.ts'

/** What prepares guests and runs tests in them, with all that it loads. */
const runner = ['harness/run/run-suites', 'harness/guest/prepare/prepare-guests']

/** The tables of requirements: a result depends on its own row alone. */
const tables = 'suites/requirements'

/** The part of a requirement's row that its result has or depends on. */
type Row = Pick<Requirement, 'id' | 'suite' | 'title' | 'severity' | 'feature' | 'engine'>

/** Keys of results: two tests of one key, in guests of one image, come to one result. */
export class ResultKeys {
  readonly #context: string
  readonly #texts = new ModuleTexts()
  readonly #files: readonly SuiteFile[] = suiteFiles(this.#texts)
  readonly #closures = new Map<string, string>()
  readonly #runner: string

  /** @param context key of what is the same for all requirements of an image */
  constructor(context: string) {
    this.#context = context
    this.#runner = cacheKey(this.#closureKey(runner.map(sourceFile)), libraries(this.#texts))
  }

  /** Another test, another row, or another of the modules that the test loads makes another key; another test beside it does not. */
  of({ id, suite, title, severity, feature, engine }: Row): string {
    const path = this.fileOf(id)
    const row = [id, suite, title, severity, feature ?? '', engine ?? '']
    return cacheKey(this.#context, this.#runner, ...row, textBehind(id, this.#texts.text(path)), this.#loadedBy(path))
  }

  /** The file whose tests answer for a requirement. */
  fileOf(id: string): string {
    return fileOf(id, this.#files).path
  }

  #loadedBy(path: string): string {
    const known = this.#closures.get(path)
    if (known !== undefined) return known
    const key = this.#closureKey([path])
    this.#closures.set(path, key)
    return key
  }

  /** The entry itself is left out where it is a file of tests: of that, a part may count. */
  #closureKey(entries: readonly string[]): string {
    const paths = this.#texts
      .closure(entries, [sourceFile(tables)])
      .filter((path) => !this.#files.some((file) => file.path === path))
    return cacheKey(...paths.flatMap((path) => [path, this.#texts.hash(path)]))
  }
}

/** A module as it lies here: as TypeScript in a checkout, compiled in a package. */
const sourceFile = (path: string): string =>
  existsSync(join(projectFolder, `${path}.ts`)) ? `${path}.ts` : `${path}.js`

/** The libraries with their versions, as exactly as is known here. */
const libraries = (texts: ModuleTexts): string =>
  texts.text(['package-lock.json', 'package.json'].find((name) => existsSync(join(projectFolder, name))) as string)
