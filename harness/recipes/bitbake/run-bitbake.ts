import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { multiconfigs, podman } from '../../contract/engines.ts'
import { type FoundImage, findImages } from '../../image/find-images.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { startChild } from '../../platform/process/start-child.ts'

export interface BitbakeOrder {
  /** A build folder as oe-init-build-env makes it: it holds conf/local.conf. */
  buildDir: string
  architectures: readonly ArchitectureName[]
  /** Rebuild the image even where its inputs have not changed. */
  force: boolean
}

/** The image, and the task that puts kernel, initramfs and image beside each other for runners. */
const recipes = [podman.recipes.image, podman.recipes.deploy]

const bitbakeTargets = (wanted: readonly ArchitectureName[]): string[] =>
  wanted.flatMap((arch) => recipes.map((recipe) => `mc:${multiconfigs[arch]}:${recipe}`))

/**
 * Runs bitbake on the image's targets, its output on stderr, and returns what it deployed, one image per architecture
 * with the kernel and initramfs beside it. Throws CallFault for what is no build folder, EnvironmentFault when bitbake
 * is missing, fails, or deploys nothing.
 */
export async function buildWithBitbake(order: BitbakeOrder, lifetime: Lifetime): Promise<FoundImage[]> {
  const { buildDir, force } = order
  if (!existsSync(join(buildDir, 'conf', 'local.conf')))
    throw new CallFault(`--build-dir ${buildDir} is no bitbake build folder: it has no conf/local.conf.`)
  const child = await startChild('bitbake', bitbakeTargets(order.architectures), ['ignore', 2, 2], {
    cwd: buildDir,
    env: { ...process.env, ...(force ? forcing(process.env) : {}) },
    mayGainRights: true,
  })
  const release = lifetime.defer(() => child.kill())
  const { exitCode } = await child.ended
  await release()
  if (exitCode !== 0) throw new EnvironmentFault('E_BITBAKE', bitbakeFailure(exitCode, buildDir))
  return deployedImages(order)
}

/** The recipe's own switch, let through to bitbake (BitBake User Manual, "Passing Information Into the Build Task Environment"). */
const forcing = ({ BB_ENV_PASSTHROUGH_ADDITIONS: others = '' }: NodeJS.ProcessEnv): Record<string, string> => ({
  VCONTAINER_FORCE_BUILD: '1',
  BB_ENV_PASSTHROUGH_ADDITIONS: `${others} VCONTAINER_FORCE_BUILD`.trim(),
})

/** As `setpriv`, which starts it, reports a program that is not there (POSIX, "Exit Status for Commands"). */
const notFound = 127

const bitbakeFailure = (exitCode: number | null, buildDir: string): string =>
  exitCode === notFound
    ? 'bitbake is not on the PATH: source oe-init-build-env first.'
    : `bitbake failed in ${buildDir} (${exitCode === null ? 'it was killed' : `exit code ${exitCode}`}): its messages are above.`

async function deployedImages({ buildDir, architectures: wanted }: BitbakeOrder): Promise<FoundImage[]> {
  const found = await findImages([buildDir]).catch((cause: Error) => {
    throw new EnvironmentFault('E_BITBAKE', `bitbake ended well, but: ${cause.message}`, { cause })
  })
  return wanted.map((arch) => {
    const image = found.find(({ image: { path } }) => belongsTo(arch, path, buildDir))
    if (!image)
      throw new EnvironmentFault(
        'E_BITBAKE',
        `bitbake ended well, but deployed no image for ${arch} below ${join(buildDir, deployFolder(arch))}.`,
      )
    return image
  })
}

const deployFolder = (arch: ArchitectureName): string => `tmp-${multiconfigs[arch]}/deploy/images`

function belongsTo(arch: ArchitectureName, path: string, buildDir: string): boolean {
  const blobs = new RegExp(`/deploy/images/[^/]+/${podman.deployFolder}/${architectures[arch].name}/`)
  return path.startsWith(join(buildDir, deployFolder(arch), '/')) || blobs.test(path)
}
