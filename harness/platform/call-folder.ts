import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Root folder of the project. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** npm runs a script in the project's folder and tells where it was called in INIT_CWD (npm help run). */
const scriptsThatTakePaths = ['verify', 'build', 'shell', 'compare']

/** The folder that relative paths on the command line mean. */
export function callFolder(environment = process.env): string {
  const calledByNpm = scriptsThatTakePaths.includes(environment.npm_lifecycle_event ?? '')
  return (calledByNpm && environment.INIT_CWD) || process.cwd()
}

/** What follows the entry file on the command line, whether zx or node runs it. */
export function callArguments(entryUrl: string, argv: readonly string[] = process.argv): string[] {
  const entry = fileURLToPath(entryUrl)
  const index = argv.findIndex((argument) => isSameFile(argument, entry))
  return argv.slice(index + 1)
}

function isSameFile(argument: string, entry: string): boolean {
  try {
    return realpathSync(argument) === realpathSync(entry)
  } catch {
    return false
  }
}
