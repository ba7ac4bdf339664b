import { obligationOf } from '../../harness/cli/explain/obligation.ts'
import { preparations } from '../../harness/guest/prepare/preparations.ts'
import { areaOf, areaTitle } from '../../harness/model/areas.ts'
import type { Requirement, SuiteName } from '../../harness/model/requirement.ts'

/** What each suite does, in a sentence. */
export const suiteIntroductions: Record<SuiteName, string> = {
  static: 'Looks into the image without booting it: whether it can work at all. Takes a second or two.',
  boot: 'Boots the image as runners in the field do and holds it to the boot contract, line by line.',
  podman: 'Works with podman in forks of a booted guest, against a registry that can misbehave.',
  xen: 'Creates domains in which the image’s `/vxn-init.sh` runs, on a real Xen hypervisor, as runners do. Not run by default; x86_64 alone.',
  performance:
    'Counts the instructions of a boot on a machine that is exactly repeatable, and compares with a baseline.',
}

/** A page on a suite in Markdown: all its requirements by area, each with its reason, source and remedy. */
export function suitePage(suite: SuiteName, requirements: readonly Requirement[]): string {
  const areas = Map.groupBy(requirements, ({ id }) => areaOf(id))
  const tellsEngine = requirements.some(({ engine }) => engine !== requirements[0]?.engine)
  return [
    `# The suite ${suite}`,
    `${suiteIntroductions[suite]} It has ${requirements.length} requirements; \`verify.mjs --suite ${suite}\` runs it alone.`,
    'A *blocker* or *error* that is not met decides the verdict; a *warning* or *info* is advice. *Quick* ones also run with `--quick`.',
    ...(tellsEngine ? ['What is *of* an engine is asked of its images alone.'] : []),
    '<!-- Made from the table of requirements by "npm run docs". -->',
    ...(suite === 'podman' ? [preparationText()] : []),
    ...[...areas].map(([area, members]) => areaText(area, members, tellsEngine)),
    '',
  ].join('\n\n')
}

/** What a reader of this suite's results must know of its guests. */
const preparationText = (): string =>
  [
    '## What the harness does to a guest first',
    'Each step may hide a fault of the image, so some requirement is judged without it.',
    [
      '| step | why | judged without it |',
      '| --- | --- | --- |',
      ...preparations.map(({ what, why, without }) => `| ${what} | ${why} | ${without.join(', ')} |`),
    ].join('\n'),
  ].join('\n\n')

const areaText = (area: string, requirements: readonly Requirement[], tellsEngine: boolean): string =>
  [`## ${areaTitle(area)}`, ...requirements.map((each) => requirementText(each, tellsEngine))].join('\n\n')

function requirementText(requirement: Requirement, tellsEngine: boolean): string {
  const { id, title, severity, engine, why, source, remedy, quick } = requirement
  const facts = [severity, ...(engine && tellsEngine ? [`of ${engine}`] : []), ...(quick ? ['quick'] : [])].join(', ')
  const obligation = obligationOf(requirement)
  return `### ${id}: ${plain(title)}

*${facts}.* ${plain(why)}

${obligation ? `- Without it: ${plain(obligation.hurt)}\n- Eras: ${plain(obligation.eras)}\n` : ''}- Source: ${plain(source)}
- Remedy: ${plain(remedy)}`
}

/** Texts of requirements have no markup; what looks like some is none. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>|]/g, '\\$&').replaceAll('\n', ' ')
