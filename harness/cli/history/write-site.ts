import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSite, type Site } from '../../measure/site/read-site.ts'
import { siteFiles } from '../../measure/site/site-page.ts'
import { CallFault } from '../../model/faults.ts'
import { printableLine } from '../../model/printable.ts'
import { count } from '../../model/quantities.ts'
import { notWritten } from '../../report/report-folder.ts'

/** Writes page and badge of a folder of reports into it, and returns what was done, as text. Throws CallFault for a folder without any. */
export function writeSite(folder: string): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new CallFault(`${folder} is no folder: history site takes a folder of reports.`)
  const site = readSite(folder)
  for (const [name, content] of Object.entries(siteFiles(site))) writeWhole(join(folder, name), content)
  return doneText(folder, site)
}

function writeWhole(path: string, content: string): void {
  try {
    writeFileSync(`${path}.part`, content)
    renameSync(`${path}.part`, path)
  } catch (error) {
    throw notWritten(path, error as NodeJS.ErrnoException)
  }
}

const doneText = (folder: string, { lines, reportCount, passedOver }: Site): string =>
  [
    `${join(folder, 'index.html')} and badge.svg: ${count(lines.length, 'image')} by ${count(reportCount, 'report')}`,
    ...passedOver.map((reason) => `passed over: ${reason}`),
  ]
    .map((line) => `${printableLine(line)}\n`)
    .join('')
