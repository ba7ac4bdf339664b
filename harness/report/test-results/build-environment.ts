import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { imageFileName, variablesBeside } from '../../contract/deployed.ts'
import { architectures } from '../../model/architecture.ts'
import type { ImageReport } from '../schema.ts'
import type { BuildEnvironment } from './test-results.ts'

const unknown = 'unknown'
/** resulttool's store reads the layer `meta` of every run. What layers were built, the image does not tell. */
const layers = { meta: { branch: unknown, commit: unknown, commit_count: 0 } }

/** What is known of the build of an image: by the variables that Yocto leaves beside it, else by its name and architecture. */
export function buildOf({ file, arch }: Pick<ImageReport, 'file' | 'arch'>): BuildEnvironment {
  const variables = readVariables(file)
  const machine = variables.MACHINE ?? architectures[arch].name
  return {
    MACHINE: machine,
    DISTRO: variables.DISTRO ?? unknown,
    IMAGE_BASENAME: variables.IMAGE_BASENAME ?? baseName(file, machine),
    IMAGE_PKGTYPE: variables.IMAGE_PKGTYPE ?? unknown,
    HOST_DISTRO: hostDistribution(),
    LAYERS: layers,
  }
}

/** Of a run in which no image was looked at. */
export const buildOfNoImage = (): BuildEnvironment => ({
  MACHINE: unknown,
  DISTRO: unknown,
  IMAGE_BASENAME: 'vpdmn-conformance',
  IMAGE_PKGTYPE: unknown,
  HOST_DISTRO: hostDistribution(),
  LAYERS: layers,
})

/** Texts only, and none that is empty: a build folder's variables may be of any kind. */
function readVariables(image: string): Record<string, string> {
  if (!imageFileName.test(basename(image))) return {}
  try {
    const variables: unknown = JSON.parse(readFileSync(variablesBeside(image), 'utf8'))
    const texts = Object.entries(variables ?? {}).filter(([, value]) => typeof value === 'string' && value !== '')
    return Object.fromEntries(texts)
  } catch {
    return {}
  }
}

function baseName(file: string, machine: string): string {
  const named = imageFileName.exec(basename(file))?.groups?.recipeAndMachine ?? basename(file, extname(file))
  const recipe = named.endsWith(`-${machine}`) ? named.slice(0, -machine.length - 1) : named
  return recipe.replaceAll(/[^\w.+-]/g, '-') || unknown
}

/** As oe.lsb.distro_identifier spells it: ID and version of os-release(5), a dash between them. */
function hostDistribution(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8')
    const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1]
    return [value('ID'), value('VERSION_ID')].filter(Boolean).join('-') || unknown
  } catch {
    return unknown
  }
}
