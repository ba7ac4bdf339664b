import { engines } from '../../../harness/contract/engines.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { InstalledPackage } from '../../../harness/inspect/packages/installed-package.ts'
import { type BilledPackages, readYoctoBill, UnreadableBill } from '../../../harness/inspect/yocto/yocto-bill.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, type StaticCheck, skipped } from '../check.ts'

function examineCopy({ file: { deployment } }: InspectedImage): Examination {
  if (deployment?.stale === undefined) return skipped('No copy for runners lies beside the image.')
  return { examinedCount: 1, findings: deployment.stale.map((message) => ({ message, remedy: copyRemedy })) }
}

const deployRecipes = Object.values(engines)
  .map(({ recipes }) => recipes.deploy)
  .join(' or ')
const copyRemedy = `Build ${deployRecipes} after the image, in the same call of bitbake.`

function examineBill({ file: { deployment }, packageDatabase }: InspectedImage): Examination {
  if (deployment?.spdx === undefined) return skipped('No bill of materials of Yocto’s lies beside the image.')
  if (packageDatabase === undefined || packageDatabase.packages.length === 0)
    return skipped('The image has no package database that Yocto’s bill could be compared with.')
  try {
    const billed = readYoctoBill(deployment.spdx)
    return { examinedCount: billed.size + 1, findings: differences(billed, packageDatabase.packages) }
  } catch (error) {
    if (!(error instanceof UnreadableBill)) throw error
    return { examinedCount: 1, findings: [{ message: `${deployment.spdx} is not SPDX 3: ${error.message}.` }] }
  }
}

function differences(billed: BilledPackages, packages: readonly InstalledPackage[]): Finding[] {
  const installed = new Map(packages.map(({ name, version }) => [name, version]))
  const missing = [...billed.keys()].filter((name) => !installed.has(name))
  const extra = [...installed.keys()].filter((name) => !billed.has(name))
  const others = [...installed].flatMap(([name, version]) => {
    const stated = billed.get(name)
    return stated === undefined || isVersion(version, stated)
      ? []
      : [`${name} is ${version} in the image, ${stated} in the bill.`]
  })
  return [
    ...missing.map((name) => `${name} is in the bill and not in the image.`),
    ...extra.map((name) => `${name} is in the image and not in the bill.`),
    ...others,
  ].map((message) => ({ message }))
}

/** A database has epoch and revision besides, and rpm writes `+` for a dash (oe-core, package_rpm.bbclass, translate_vers). */
function isVersion(installed: string, stated: string): boolean {
  const bare = installed.replace(/^\d+:/, '').replaceAll('-', '+')
  const wanted = stated.replaceAll('-', '+')
  if (!bare.startsWith(wanted)) return false
  const rest = bare.slice(wanted.length)
  // What ends in a word, such as `+git`, is followed by a count of commits.
  return rest === '' || (/\d$/.test(wanted) ? /^\+/ : /^\d*\+/).test(rest)
}

export const deployedChecks: readonly StaticCheck[] = [
  {
    id: 'DEP-001',
    title: 'The copy that runners use is what was built last',
    severity: 'warning',
    why: 'Runners start the copy in the folder of their architecture. Where only the image was built again, they go on with the old one.',
    source: `The layer’s recipe ${deployRecipes}, which copies when it is built and not when the image is`,
    remedy: copyRemedy,
    examine: examineCopy,
  },
  {
    id: 'DEP-002',
    title: 'Yocto’s bill of materials lists the packages of the image',
    severity: 'warning',
    why: 'Who looks for a vulnerable package in the bill overlooks what is missing there, and follows up what the image does not have.',
    source: 'oe-core, create-spdx-3.0.bbclass; SPDX 3.0.1, Software profile',
    remedy:
      'Build image and bill in one call of bitbake, and install packages by recipes, not by commands in a post-process.',
    examine: examineBill,
  },
]
