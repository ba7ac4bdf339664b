import { nonces } from './nonces.ts'

/** What a command tells the suite beside its own output: named sections that it prints to the console itself. */
export type ConsoleReport = ReadonlyMap<string, string>

/** What stands on the lines around a section; an image that prints from a table cannot know the run's own part of it. */
const sectionEnd = (mark: string): string => `@@${mark}`
const sectionStart = (mark: string): RegExp => new RegExp(`^@@${mark}:(\\w+)$`)

/** Short, since it travels on the kernel's command line. */
const reportMark = (): string => nonces().word('report', 4)

/** Marks the moment at which a command started to run. */
const readySection = 'ready'

/**
 * A shell script that prints the output of each command as a section on the console, past whatever the image does with
 * the output of what it runs. It has no quotes of its own, and is short: it travels on the kernel's command line. The report is
 * made in a subshell, since the shell that evaluates it may be process 1 itself; commands hold no backslash, which an
 * init under dash would interpret.
 * @param sections shell commands by section name
 * @param ending what the script does after its report
 * @param mark of its lines; this run's where left out
 */
export function reportScript(sections: Readonly<Record<string, string>>, ending = '', mark = reportMark()): string {
  const printed = Object.entries({ [readySection]: ':', ...sections }).map(
    ([name, command]) => `b ${name};${command}\ne`,
  )
  const script = `(b(){ echo ${sectionEnd(mark)}:$1;};e(){ echo;echo ${sectionEnd(mark)};}\n${printed.join(';')})>/dev/console 2>&1\n${ending}`
  if (script.includes('\\')) throw new Error(`A command of a report holds a backslash: ${script}`)
  return script
}

/** A command that prints a text to the letter, whatever the shell makes of quotes and backslashes. */
export const printing = (text: string): string => `echo ${Buffer.from(text).toString('base64')} | base64 -d`

/** A command that shows the command line of a process. The words are separated by NUL, as the kernel has them. */
export const commandLineOf = (pid: number): string => `cat /proc/${pid}/cmdline`

/** Reads the sections from the console's lines; of two with one name the last counts. */
export function readReport(lines: readonly { text: string }[], mark = reportMark()): ConsoleReport {
  const [start, end] = [sectionStart(mark), sectionEnd(mark)]
  const report = new Map<string, string>()
  let open: { name: string; texts: string[] } | undefined
  for (const { text } of lines) {
    const name = start.exec(text)?.[1]
    if (name !== undefined) open = { name, texts: [] }
    else if (text === end && open) {
      report.set(open.name, withoutLastLineEnd(open.texts))
      open = undefined
    } else open?.texts.push(text)
  }
  return report
}

/** The lines that are not the report's own. */
export function outsideOfReport<Line extends { text: string }>(lines: readonly Line[], mark = reportMark()): Line[] {
  const [start, end] = [sectionStart(mark), sectionEnd(mark)]
  const first = lines.findIndex(({ text }) => start.test(text))
  const last = lines.findLastIndex(({ text }) => text === end)
  return first < 0 ? [...lines] : [...lines.slice(0, first), ...lines.slice(Math.max(first, last) + 1)]
}

/** The script ends a section by an empty line, in case its command did not end its last one. */
function withoutLastLineEnd(texts: readonly string[]): string {
  return (texts.at(-1) === '' ? texts.slice(0, -1) : texts).join('\n')
}
