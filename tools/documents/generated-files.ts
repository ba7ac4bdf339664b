import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyHelp } from '../../harness/cli/help.ts'
import { callableSuites } from '../../harness/cli/verify-call.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { allRequirements } from '../../suites/all-requirements.ts'
import { guestTable, staticTable } from '../mutants/area-table.ts'
import { checkedTable } from './checked-table.ts'
import { actionInputs, componentInputs, inputTable } from './ci-inputs.ts'
import { compiledCheckFiles } from './compiled-checks.ts'
import { contractPage } from './contract-page.ts'
import { faultTable } from './fault-table.ts'
import { formatTable } from './format-table.ts'
import { terminalPictureText } from './pictures.ts'
import { processorTable } from './processor-table.ts'
import { withSections } from './sections.ts'
import { suitePage } from './suite-page.ts'

/** Pages of which a part is made here and the rest is written by hand: the parts by the names of their marks. */
const sectionsOf: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': { checked: checkedTable },
  'docs/usage.md': { options: () => `\`\`\`\n${verifyHelp()}\`\`\``, formats: formatTable },
  'docs/ci/README.md': {
    action: () => inputTable(actionInputs(), ({ required }) => required === true),
    component: () => inputTable(componentInputs(), ({ default: value }) => value === undefined),
  },
  'docs/measurement.md': { processors: processorTable },
  'docs/troubleshooting.md': { codes: faultTable },
  'docs/mutants.md': { static: staticTable, guests: guestTable },
}

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8')

const renewed = (path: string, sections: Readonly<Record<string, () => string>>): string =>
  withSections(read(path), Object.fromEntries(Object.entries(sections).map(([name, make]) => [name, make()])))

const ofSuite = (suite: string) => [...allRequirements.values()].filter((requirement) => requirement.suite === suite)

/** Every file, or page with a part, that `npm run docs` makes as text, by its path. */
export const generatedFiles: ReadonlyMap<string, () => string> = new Map<string, () => string>([
  ['docs/contract.md', contractPage],
  ...callableSuites.map((suite) => [`docs/suites/${suite}.md`, () => suitePage(suite, ofSuite(suite))] as const),
  ...Object.entries(sectionsOf).map(([path, sections]) => [path, () => renewed(path, sections)] as const),
  ['docs/pictures/terminal.svg', terminalPictureText],
  ...compiledCheckFiles,
])

export const reportPicturePath = 'docs/pictures/report.png'
