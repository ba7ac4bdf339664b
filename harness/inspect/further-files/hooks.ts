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

function hookFaults(image: InspectedImage, path: string): FileFault[] {
  const read = readObject(image, path)
  if ('error' in read) return [refused(path, `It does not parse: ${read.error}`)]
  const { version = '0.1.0', hook } = read.value
  if (version !== '1.0.0' && version !== '0.1.0')
    return [refused(path, `Its version is ${JSON.stringify(version)}; podman knows 1.0.0 and 0.1.0`)]
  // Version 0.1.0 has the path itself under `hook`, and one stage or several under `stage`.
  const program = version === '1.0.0' ? (hook as { path?: unknown } | undefined)?.path : hook
  const named = [version === '1.0.0' ? read.value.stages : (read.value.stages ?? read.value.stage)].flat()
  const unknown = named.filter((stage) => typeof stage !== 'string' || !stages.has(stage))
  return [
    // podman issue 8909: the file stayed when the package of the program was removed.
    ...(typeof program === 'string' && image.files.isExecutable(program)
      ? []
      : [refused(path, `The program ${JSON.stringify(program ?? '')} of the hook is not in the image`)]),
    ...(unknown.length > 0
      ? [refused(path, `It has no stage, or one that podman does not know: ${JSON.stringify(named)}`)]
      : []),
  ]
}
