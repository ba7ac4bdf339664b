import { printableName } from '../../../harness/image/squashfs/file-name.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { maxScriptLineBytes } from '../../../harness/inspect/programs/programs.ts'
import { isWithinReach } from '../../../harness/inspect/reach.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

/** What is wrong with a script's first line, as a sentence. */
function problemOf(image: InspectedImage, firstLine: string): string | undefined {
  if (Buffer.byteLength(firstLine) > maxScriptLineBytes)
    return `The #! line is longer than ${maxScriptLineBytes} bytes.`
  const [interpreter = ''] = firstLine.slice(2).trim().split(/\s+/)
  if (interpreter === '') return 'The #! line names no interpreter.'
  if (image.files.isExecutable(interpreter)) return undefined
  const reason = image.files.find(interpreter) ? 'is not executable' : 'does not exist'
  return `Its interpreter ${printableName(interpreter)} ${reason}.`
}

const examineInterpreters =
  (withinReach: boolean) =>
  (image: InspectedImage): Examination =>
    examineEach(image.scripts, 'The image has no scripts.', ({ entry, firstLine }) => {
      const problem = problemOf(image, firstLine)
      if (problem === undefined || isWithinReach(image, entry) !== withinReach) return undefined
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
    title: 'The interpreter of every script that something runs exists and is executable',
    severity: 'error',
    why: 'Running the script fails with "not found", which reads as if the script itself were missing.',
    examine: examineInterpreters(true),
  },
  {
    ...common,
    id: 'FS-013',
    title: 'The interpreter of scripts in folders of packages exists and is executable',
    severity: 'warning',
    why: 'Nothing is known to run these tools, but whoever does is told "not found", as if the script itself were missing.',
    examine: examineInterpreters(false),
  },
]
