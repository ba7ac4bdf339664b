import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { EnvironmentFault } from '../model/faults.ts'
import { gitHubAnnotations } from './exporters/annotations.ts'
import { markdownText } from './exporters/markdown.ts'
import type { Report } from './schema.ts'

/** Variables that GitHub sets for the steps of a job. */
interface JobEnvironment {
  GITHUB_ACTIONS?: string | undefined
  GITHUB_STEP_SUMMARY?: string | undefined
}

const isGitHub = ({ GITHUB_ACTIONS }: JobEnvironment): boolean => GITHUB_ACTIONS === 'true'

/** In a job of GitHub Actions: adds the report to the job's summary, and returns what annotates the job. */
export async function tellGitHub(report: Report, environment: JobEnvironment = process.env): Promise<string> {
  const { GITHUB_STEP_SUMMARY: path } = environment
  if (path) await appendFile(path, markdownText(report)).catch((cause) => Promise.reject(notWritten(path, cause)))
  return isGitHub(environment) ? gitHubAnnotations(report) : ''
}

const notWritten = (path: string, cause: Error): EnvironmentFault =>
  new EnvironmentFault(
    'E_OUTPUT',
    `The summary of the job, ${path} (GITHUB_STEP_SUMMARY), was not written: ${cause.message}.`,
    {
      cause,
    },
  )

/**
 * Text with foreign parts as a job's log may hold it: GitHub takes lines that look like workflow commands for commands,
 * until a token that the text cannot know (GitHub documentation, "Stopping and starting workflow commands").
 */
export function withoutCommands(text: string, environment: JobEnvironment = process.env): string {
  if (!isGitHub(environment)) return text
  const token = randomUUID()
  return `::stop-commands::${token}\n${text}::${token}::\n`
}
