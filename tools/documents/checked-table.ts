import { callableSuites } from '../../harness/cli/verify-call.ts'
import { areaOf, areaTitle } from '../../harness/model/areas.ts'
import { allRequirements } from '../../suites/all-requirements.ts'
import { suiteIntroductions } from './suite-page.ts'
import { table } from './tables.ts'

/** What each suite shows and how many requirements it has in which areas. */
export const checkedTable = (): string =>
  table(
    ['suite', 'what it does', 'requirements', 'areas'],
    callableSuites.map((suite) => {
      const own = [...allRequirements.values()].filter((requirement) => requirement.suite === suite)
      const areas = [...Map.groupBy(own, ({ id }) => areaOf(id))].map(
        ([area, { length }]) => `${areaTitle(area)} ${length}`,
      )
      return [`[${suite}](docs/suites/${suite}.md)`, suiteIntroductions[suite], String(own.length), areas.join(' · ')]
    }),
  )
