import { posix } from 'node:path'
import { engines } from '../../../harness/contract/engines.ts'
import { readDaemonFile } from '../../../harness/inspect/docker/daemon-json.ts'
import { daemonOptions } from '../../../harness/inspect/docker/daemon-options.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { unusableReason } from '../../../harness/inspect/lookup.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const { store } = engines.docker

/** Where dockerd keeps its store, and what says so; the value is missing where the shell makes it up. */
function dataRoot(image: InspectedImage): { path: string; value: string | undefined } | undefined {
  const option = daemonOptions(image.init).find(({ key }) => key === 'data-root')
  if (option) return option
  const file = readDaemonFile(image)
  const value = file?.table?.['data-root']
  return file && typeof value === 'string' ? { path: file.path, value } : undefined
}

function examineDataRoot(image: InspectedImage): Examination {
  const chosen = dataRoot(image)
  if (chosen === undefined) return examined()
  if (chosen.value === undefined) return skipped('Init gives dockerd a folder that its shell makes up.')
  if (posix.resolve('/', chosen.value) === store) return examined()
  return examined(
    finding(chosen.path, `dockerd keeps its store in ${chosen.value}; the state disk is mounted at ${store}.`),
  )
}

/** docker/cli, cli-plugins/manager/manager_unix.go and cli/config. */
const pluginFolders = [
  ...['/usr/local/lib/docker/cli-plugins', '/usr/local/libexec/docker/cli-plugins'],
  ...['/usr/lib/docker/cli-plugins', '/usr/libexec/docker/cli-plugins', '/root/.docker/cli-plugins'],
]
const pluginPrefix = 'docker-'
/** docker/cli, cli-plugins/manager/plugin.go. */
const pluginName = /^docker-[a-z][a-z0-9]*$/

function examinePlugins({ files }: InspectedImage): Examination {
  const plugins = pluginFolders.flatMap((folder) =>
    files
      .list(folder)
      .filter(({ name }) => name.startsWith(pluginPrefix))
      .map(({ name }) => ({ name, path: `${folder}/${name}` })),
  )
  return examineEach(plugins, 'docker has no plugins.', ({ name, path }) => {
    if (!pluginName.test(name)) return finding(path, `docker takes no plugin of that name.`)
    return files.isExecutable(path) ? undefined : finding(path, `docker cannot run it: ${unusableReason(files, path)}.`)
  })
}

export const dockerFolderChecks: readonly StaticCheck[] = [
  {
    id: 'DKR-005',
    title: 'dockerd keeps its store where the state disk is mounted',
    severity: 'error',
    why: 'Elsewhere it lies on the overlay of the root: overlay2 does not work there, and what was pulled is lost with the machine.',
    source: 'dockerd(8), "--data-root"; docs.docker.com, OverlayFS storage driver, "Prerequisites"; docs/contract.md',
    remedy: `Give dockerd --data-root ${store}, or leave the option out.`,
    examine: examineDataRoot,
  },
  {
    id: 'DKR-006',
    title: 'docker can run its plugins',
    severity: 'warning',
    why: 'A plugin that it cannot run is passed over, and its commands, such as docker buildx, are unknown.',
    source: 'docker/cli, cli-plugins/manager/candidate.go and plugin.go',
    remedy:
      'Install each plugin as an executable file docker-NAME, of small letters and digits, in one of these folders.',
    examine: examinePlugins,
  },
]
