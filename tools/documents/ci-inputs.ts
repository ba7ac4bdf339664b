import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { code, table } from './tables.ts'

/** An input of the action or of the component. */
export interface CiInput {
  description: string
  default?: string
  required?: boolean
}
type CiInputs = Readonly<Record<string, CiInput>>

const firstDocument = (path: string) => parseAllDocuments(readFileSync(join(projectFolder, path), 'utf8'))[0]?.toJS()

export const actionInputs = (): CiInputs => firstDocument('action.yml').inputs
export const componentInputs = (): CiInputs => firstDocument('templates/verify.yml').spec.inputs

/** The inputs with what they are taken for where they are left out. */
export const inputTable = (inputs: CiInputs, isRequired: (input: CiInput) => boolean): string =>
  table(
    ['input', 'what it says', 'default'],
    Object.entries(inputs).map(([name, input]) => [
      code(name),
      input.description,
      isRequired(input) ? '*required*' : input.default ? code(input.default) : '',
    ]),
  )
