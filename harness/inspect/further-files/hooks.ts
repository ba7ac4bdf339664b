import type { InspectedImage } from '../inspect-image.ts'
import { type FileFault, type FurtherFiles, filesIn, readObject, refused } from './further-file.ts'

/** What podman takes by itself (podman(1), --hooks-dir). */
const usualPlaces = ['/usr/share/containers/oci/hooks.d', '/etc/containers/oci/hooks.d']

const stages = new Set([
  'createContainer',
  'createRuntime',
  'prestart',
  'poststart',
  'poststop',
  'startContainer',
  'precreate',
])

function places({ configuration }: InspectedImage): string[] {
  const configured = configuration.containers.values.get('engine.hooks_dir')?.value
  const folders = Array.isArray(configured) ? configured.filter((each) => typeof each === 'string') : []
  return folders.length > 0 ? folders : usualPlaces
}

/** Programs to run at stages of each container's life; one bad file keeps all containers from starting (oci-hooks(5)). */
export const containerHooks: FurtherFiles = {
  find: (image) => filesIn(image, places(image), '.json'),
  judge: (image, paths) => paths.flatMap((path) => hookFaults(image, path)),
}

/** Programs that the hooks of an image name, whether they are there or not. */
export const hookPrograms = (image: InspectedImage): string[] =>
  containerHooks.find(image).flatMap((path) => {
    const read = readObject(image, path)
    const program = 'error' in read ? undefined : programOf(read.value)
    return typeof program === 'string' ? [program] : []
  })

/** Version 0.1.0 has the path itself under `hook`, and one stage or several under `stage`. */
const programOf = ({ version, hook }: Record<string, unknown>): unknown =>
  version === '1.0.0' ? (hook as { path?: unknown } | undefined)?.path : hook

function hookFaults(image: InspectedImage, path: string): FileFault[] {
  const read = readObject(image, path)
  if ('error' in read) return [refused(path, `It does not parse: ${read.error}`)]
  const { version = '0.1.0' } = read.value
  if (version !== '1.0.0' && version !== '0.1.0')
    return [refused(path, `Its version is ${JSON.stringify(version)}; podman knows 1.0.0 and 0.1.0`)]
  const program = programOf(read.value)
  const named = [version === '1.0.0' ? read.value.stages : (read.value.stages ?? read.value.stage)].flat()
  const unknown = named.filter((stage) => typeof stage !== 'string' || !stages.has(stage))
  return [
    // podman issue 8909: the file stayed when the package of the program was removed.
    ...(typeof program === 'string' && image.files.isExecutable(program)
      ? []
      : [refused(path, `The program ${JSON.stringify(program ?? '')} of the hook is not in the image`)]),
    ...patternsOf(read.value)
      .filter((pattern) => !isGoPattern(pattern))
      .map((pattern) => refused(path, `The pattern ${JSON.stringify(pattern)} is none that podman can read`)),
    ...(unknown.length > 0
      ? [refused(path, `It has no stage, or one that podman does not know: ${JSON.stringify(named)}`)]
      : []),
  ]
}

/** Regular expressions of a hook (oci-hooks(5)): names and values of annotations, and commands. */
function patternsOf({ when, ...older }: Record<string, unknown>): string[] {
  const conditions = typeof when === 'object' && when !== null ? (when as Record<string, unknown>) : older
  const { annotations = {}, commands = [], cmds = [] } = conditions
  const named = typeof annotations === 'object' && annotations !== null ? Object.entries(annotations).flat() : []
  return [named, commands, cmds].flat().filter((each): each is string => typeof each === 'string')
}

/** Go’s expressions look neither ahead nor behind nor back (RE2 syntax). */
function isGoPattern(pattern: string): boolean {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) return false
  try {
    return new RegExp(pattern.replace(/\(\?[imsU-]+\)/g, '').replaceAll('(?P<', '(?<')) !== undefined
  } catch {
    return false
  }
}
