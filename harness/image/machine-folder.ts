import { existsSync, globSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { blobNames, imageFileName, imageLink, machineFolderPatterns, spdxBeside } from '../contract/deployed.ts'
import { type Engine, engines } from '../contract/engines.ts'
import { architectureNames } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { bootFilesBeside } from './boot-files-beside.ts'
import type { Deployment } from './image-file.ts'

/**
 * The images of the layer's recipes that bitbake deployed at or below a folder: a build folder, a TMPDIR, a DEPLOY_DIR, its
 * folder of images, or that of a machine. Each machine has one of each engine at most. Throws EnvironmentFault where one is being replaced.
 */
export const deployedImages = (folder: string): string[] => machineFolders(folder).flatMap(imagesOfMachine)

/** The images of other recipes there, such as derived ones: each by its link, since dated files of earlier builds may be left. Throws likewise. */
export const imagesOfOtherRecipes = (folder: string): string[] =>
  machineFolders(folder).flatMap((machine) =>
    matchesIn(machine, imageLink('*', '*')).map((path) => requireWhole(path, machine)),
  )

const machineFolders = (folder: string): string[] =>
  machineFolderPatterns
    .flatMap((pattern) => (pattern === '.' ? [folder] : matchesIn(folder, pattern)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())

/** Absolute paths of what a pattern names in a folder, sorted. */
export const matchesIn = (folder: string, pattern: string): string[] =>
  globSync(pattern, { cwd: folder })
    .sort()
    .map((match) => join(folder, match))

const layerEngines: readonly Engine[] = Object.values(engines)

const imagesOfMachine = (folder: string): string[] => layerEngines.flatMap((engine) => imagesOfEngine(folder, engine))

/** What runners use is the copy: where it is not what was built last, it is the one to judge. */
function imagesOfEngine(folder: string, engine: Engine): string[] {
  const built = builtImage(folder, engine)
  const copies = copiesIn(folder, engine).filter((copy) => built === undefined || staleParts(copy, built).length > 0)
  return copies.length > 0 || built === undefined ? copies : [built]
}

const copiesIn = (folder: string, { deployFolder }: Engine): string[] =>
  architectureNames.map((arch) => join(folder, deployFolder, arch, blobNames.image)).filter((path) => existsSync(path))

function builtImage(folder: string, { recipes }: Engine): string | undefined {
  const named = join(folder, imageLink(recipes.image, basename(realpathSync(folder))))
  const others = globSync(imageLink(recipes.image, '*'), { cwd: folder }).sort((a, b) => a.length - b.length)
  const path = [named, ...others.map((name) => join(folder, name))].find((candidate) => isThere(candidate))
  return path && requireWhole(path, folder)
}

/** A link that leads nowhere is an image that a build has taken away. */
function requireWhole(path: string, folder: string): string {
  if (existsSync(path)) return path
  throw new EnvironmentFault(
    'E_VANISHED',
    `${path} points to a file that no longer exists: a build is running, or has failed, in ${folder}. Wait for it to end, or build again.`,
  )
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** What is known of an image from where it lies. */
export function deploymentOf(imagePath: string): Deployment {
  const copied = engineOfCopy(imagePath)
  const machine = copied ? dirname(dirname(dirname(imagePath))) : dirname(imagePath)
  const engine = copied ?? layerEngines.find((each) => isBuilt(imagePath, each))
  const built = engine && builtImage(machine, engine)
  const copies = copied ? [imagePath] : engine ? copiesIn(machine, engine) : []
  const stale = copies.flatMap((copy) => staleParts(copy, built))
  const described = copied && built !== undefined && stale.length === 0 ? built : imagePath
  const spdx = imageFileName.test(basename(described)) ? spdxBeside(described) : undefined
  return { ...(copies.length > 0 && { stale }), ...(spdx !== undefined && existsSync(spdx) && { spdx }) }
}

/** The engine in whose folder for runners an image lies. */
const engineOfCopy = (imagePath: string): Engine | undefined =>
  layerEngines.find(
    ({ deployFolder }) =>
      basename(imagePath) === blobNames.image && basename(dirname(dirname(imagePath))) === deployFolder,
  )

function isBuilt(imagePath: string, engine: Engine): boolean {
  const built = builtImage(dirname(imagePath), engine)
  return built !== undefined && isSameFile(imagePath, built)
}

const isSameFile = (one: string, other: string): boolean => realpathSync(one) === realpathSync(other)

/** What in a copy for runners is not what was built last, a sentence each. */
function staleParts(copy: string, built: string | undefined): string[] {
  const machine = dirname(dirname(dirname(copy)))
  if (built === undefined)
    return [
      `${relative(machine, copy)} is all that is left: the image that it was copied from is gone from ${machine}.`,
    ]
  const [copied, beside] = [bootFilesBeside(copy), bootFilesBeside(built)]
  const pairs: [string | undefined, string | undefined][] = [
    [copy, built],
    [copied?.kernel, beside?.kernel],
    [copied?.initramfs, beside?.initramfs],
  ]
  return pairs.flatMap(([part, whole]) => {
    if (part === undefined || whole === undefined || haveSameBytes(part, whole)) return []
    const times = [part, whole].map((path) => statSync(path).mtime)
    const [age, from] = [times[0] as Date, times[1] as Date].map((time) => time.toISOString().slice(0, 19))
    return [`${relative(machine, part)} (of ${age}) is not ${basename(whole)} (of ${from}), which was built last.`]
  })
}

const haveSameBytes = (one: string, other: string): boolean =>
  statSync(one).size === statSync(other).size && readFileSync(one).equals(readFileSync(other))
