import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './call-folder.ts'

/** Version of the harness, as package.json has it. */
export const harnessVersion = (): string =>
  JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')).version as string
