import { engineVariable } from '../engine-variable.ts'
import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import { type FileFault, type FurtherFiles, readObject, refused } from './further-file.ts'

/** Where podman looks besides /run, which is empty when the guest starts (containers-auth.json(5)). */
const places = ['/root/.config/containers/auth.json', '/root/.docker/config.json', '/root/.dockercfg']

/** Credentials for registries; one file that does not parse makes each pull fail (podman issue 1457: an empty one). */
export const credentialFiles: FurtherFiles = {
  find: (image) => [...places.filter((path) => image.files.findFile(path) !== undefined), ...namedFiles(image)],
  judge: (image, paths) => paths.flatMap((path) => credentialFaults(image, path)),
}

/** Filled by init or by a runner when the guest starts. */
const laterFolder = /^\/(run|var\/run|tmp|mnt|dev)\//

/** The file of REGISTRY_AUTH_FILE, without which podman refuses each pull (containers/common pkg/auth, CheckAuthFile). */
function namedFiles(image: InspectedImage): string[] {
  const path = engineVariable(image, 'REGISTRY_AUTH_FILE')
  return path?.startsWith('/') && !laterFolder.test(path) && !places.includes(path) ? [path] : []
}

function credentialFaults(image: InspectedImage, path: string): FileFault[] {
  if (image.files.findFile(path) === undefined)
    return [refused(path, 'It does not exist, and REGISTRY_AUTH_FILE names it')]
  const read = readObject(image, path)
  if ('error' in read) return [refused(path, `It does not parse: ${read.error}`)]
  const auths = path.endsWith('.dockercfg') ? read.value : tableIn(read.value, 'auths')
  if (Array.isArray(read.value.auths)) return [refused(path, 'Its auths is a list, and must be an object by host')]
  const malformed = Object.entries(auths).filter(([, entry]) => !isSound(entry))
  const helpers = Object.entries(tableIn(read.value, 'credHelpers'))
  const nameless = helpers.filter(([, name]) => typeof name !== 'string')
  const missing = helpers.filter(
    ([, name]) =>
      typeof name === 'string' && !findProgram(image.files, `docker-credential-${name}`, image.init.searchPath),
  )
  return [
    ...malformed.map(([host]) => refused(path, `The credentials for ${host} are not the base64 of NAME:PASSWORD`)),
    ...nameless.map(([host]) => refused(path, `It does not parse: the helper for ${host} is no name`)),
    ...missing.map(([host, name]) =>
      refused(path, `${host} asks docker-credential-${name}, which is not on the search path`),
    ),
  ]
}

function tableIn(value: Record<string, unknown>, key: string): Record<string, unknown> {
  const table = value[key]
  return typeof table === 'object' && table !== null ? (table as Record<string, unknown>) : {}
}

/** An entry without `auth` stands for a helper or a token. */
function isSound(entry: unknown): boolean {
  const auth = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>).auth : undefined
  if (auth === undefined || auth === '') return true
  return typeof auth === 'string' && /^[A-Za-z0-9+/]+=*$/.test(auth) && atobText(auth).includes(':')
}

const atobText = (text: string): string => Buffer.from(text, 'base64').toString('latin1')
