import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildFault, CallFault, EnvironmentFault } from '../../model/faults.ts'
import { printable } from '../../model/printable.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { openRunFolder } from '../../platform/process/run-folder.ts'
import { type BitbakeOrder, bitbakeTargets } from './bitbake-order.ts'
import { type BitbakeEnd, runBitbake } from './bitbake-process.ts'
import { callConfiguration } from './call-configuration.ts'
import { type DeployPlace, deployPlace } from './deploy-places.ts'

/** Parsing all layers takes 8 s to minutes. */
const askTimeoutMs = 20 * 60_000
/** The first build of a distribution takes hours. */
const buildTimeoutMs = 24 * 60 * 60_000

/**
 * Builds an image in each multiconfig, and returns the paths of the images, which bitbake itself tells. Throws CallFault for what
 * is no build folder, and for root; BuildFault when bitbake fails or deploys no squashfs; EnvironmentFault when bitbake is
 * missing or was ended from outside.
 */
export async function buildWithBitbake(
  order: BitbakeOrder,
  lifetime: Lifetime,
  { uid = process.getuid?.(), tell = (_line: string) => {} } = {},
): Promise<string[]> {
  const { buildDir } = order
  if (!existsSync(join(buildDir, 'conf', 'local.conf')))
    throw new CallFault(`--build-dir ${buildDir} is not a bitbake build folder: it has no conf/local.conf.`)
  if (uid === 0) throw new CallFault(`bitbake does not run as root: run this again as the user who owns ${buildDir}.`)
  const folder = await openRunFolder(lifetime)
  const configuration = join(folder, 'call.conf')
  await writeFile(configuration, callConfiguration(order))
  const run = bitbakeOf(buildDir, configuration, lifetime)
  const places = await askPlaces(order, run, order.quiet ? () => {} : tell)
  tellAdded(order, places, tell)
  await run([...(order.quiet ? ['-q'] : []), ...bitbakeTargets(order)], { timeoutMs: buildTimeoutMs })
  return places.map(({ imagePath }) => requireDeployed(imagePath))
}

type Bitbake = (args: string[], bounds: { timeoutMs: number; keepOutput?: boolean }) => Promise<string>

const bitbakeOf =
  (buildDir: string, configuration: string, lifetime: Lifetime): Bitbake =>
  async (args, bounds) => {
    const end = await runBitbake({ args: ['-R', configuration, ...args], buildDir, ...bounds }, lifetime)
    if (end.exitCode === 0 && !end.timedOut) return end.output
    // bitbake complains on stdout too.
    process.stderr.write(printable(end.output))
    throw bitbakeFault(end, buildDir)
  }

/** One after the other: there is one server for a build folder. It shows nothing while it parses the layers, so `tell` hears of it. */
async function askPlaces(
  { multiconfigs, recipe }: BitbakeOrder,
  run: Bitbake,
  tell: (line: string) => void,
): Promise<DeployPlace[]> {
  const places: DeployPlace[] = []
  for (const multiconfig of multiconfigs) {
    tell(`Asking bitbake where mc:${multiconfig}:${recipe} is deployed: it parses the layers first.`)
    const printed = await run(['-e', `mc:${multiconfig}:${recipe}`], { timeoutMs: askTimeoutMs, keepOutput: true })
    places.push(deployPlace(printed, recipe))
  }
  return places
}

function tellAdded(
  { multiconfigs, buildDir }: BitbakeOrder,
  places: readonly DeployPlace[],
  tell: (line: string) => void,
) {
  const named = new Set(places.flatMap(({ namedMulticonfigs }) => namedMulticonfigs))
  const added = multiconfigs.filter((multiconfig) => !named.has(multiconfig))
  if (added.length > 0)
    tell(`${buildDir} names no multiconfig ${added.join(' and no ')}: BBMULTICONFIG has it for this call.`)
}

function requireDeployed(imagePath: string): string {
  if (existsSync(imagePath)) return imagePath
  throw new BuildFault(
    `bitbake ended well, but deployed no ${imagePath}: does IMAGE_FSTYPES of the recipe have squashfs?`,
  )
}

/** As `setpriv`, which starts it, reports a program that is not there (POSIX, "Exit Status for Commands"). */
const notFound = 127

function bitbakeFault({ exitCode, timedOut }: BitbakeEnd, buildDir: string): BuildFault | EnvironmentFault {
  if (timedOut)
    return new EnvironmentFault('E_BITBAKE', `bitbake did not end in time in ${buildDir}, and was interrupted.`)
  if (exitCode === notFound)
    return new EnvironmentFault('E_BITBAKE', 'bitbake is not on the PATH: source oe-init-build-env first.')
  if (exitCode === null || exitCode > 128)
    return new EnvironmentFault('E_BITBAKE', `bitbake was ended from outside in ${buildDir}: its messages are above.`)
  return new BuildFault(`bitbake failed in ${buildDir} (exit code ${exitCode}): its messages are above.`)
}
