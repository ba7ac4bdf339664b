import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { generatedFiles, reportPicturePath } from './generated-files.ts'
import { reportPictureSource, takeReportPicture } from './pictures.ts'
import { sourceOf } from './png-source.ts'

/** Renews every generated file that is stale, names each, and returns the exit code. */
export async function renewDocuments(): Promise<number> {
  for (const [path, make] of generatedFiles) {
    const text = make()
    if (text !== contentOf(path)?.toString()) write(path, text)
  }
  // A browser renders the same page a little differently on each system: only a page that changed is a reason for a new picture.
  const picture = contentOf(reportPicturePath)
  if (!picture || sourceOf(picture) !== reportPictureSource()) write(reportPicturePath, await takeReportPicture())
  return 0
}

function contentOf(path: string): Buffer | undefined {
  const place = join(projectFolder, path)
  return existsSync(place) ? readFileSync(place) : undefined
}

function write(path: string, content: string | Buffer): void {
  writeFileSync(join(projectFolder, path), content)
  process.stdout.write(`${path}\n`)
}
