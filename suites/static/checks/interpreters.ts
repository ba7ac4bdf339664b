import { printableName } from '../../../harness/image/squashfs/file-name.ts'
import { pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { maxScriptLineBytes } from '../../../harness/inspect/programs/programs.ts'
import { reachOf } from '../../../harness/inspect/reach.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

/** What is wrong with a script's first line, as a sentence. */
function problemOf(image: InspectedImage, firstLine: string): string | undefined {
  if (Buffer.byteLength(firstLine) > maxScriptLineBytes)
    return `The #! line is longer than ${maxScriptLineBytes} bytes.`
  // The kernel takes blanks and tabs away and nothing else (Linux, fs/binfmt_script.c).
  const [interpreter = ''] = firstLine
    .slice(2)
    .replace(/^[ \t]+/, '')
    .split(/[ \t]+/)
  if (interpreter === '') return 'The #! line names no interpreter.'
  if (interpreter.endsWith('\r')) return 'The #! line ends in CR LF, and the CR belongs to the name of the interpreter.'
  if (image.files.isExecutable(interpreter)) return undefined
  const reason = image.files.find(interpreter) ? 'is not executable' : 'does not exist'
  return `Its interpreter ${printableName(interpreter)} ${reason}.`
}

const examineInterpreters =
  (isUsed: boolean) =>
  (image: InspectedImage, profile: Profile): Examination =>
    examineEach(image.scripts, 'The image has no scripts.', ({ entry, firstLine }) => {
      const problem = problemOf(image, firstLine)
      if (problem === undefined || reachOf(image, profile).has(pathOf(entry)) !== isUsed) return undefined
      return finding(entry, problem)
    })

const common = {
  source: 'execve(2), "Interpreter scripts"; Linux, include/uapi/linux/binfmts.h',
  remedy: 'Install the interpreter, correct the #! line, or remove the script.',
} as const

export const interpreterChecks: readonly StaticCheck[] = [
  {
    ...common,
    id: 'FS-009',
    title: 'The interpreter of every script that init or the engine runs exists and is executable',
    severity: 'error',
    why: 'Running the script fails with "not found", which reads as if the script itself were missing.',
    examine: examineInterpreters(true),
  },
  {
    ...common,
    id: 'FS-013',
    title: 'The interpreter of other scripts exists and is executable',
    severity: 'warning',
    why: 'Neither init nor the engine runs them, but whoever does is told "not found", as if the script itself were missing.',
    examine: examineInterpreters(false),
  },
]
