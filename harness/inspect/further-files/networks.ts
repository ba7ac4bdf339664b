import { type FileFault, type FurtherFiles, filesIn, ignored, readObject } from './further-file.ts'

const usualPlace = '/etc/containers/networks'
const nameRule = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

/**
 * Networks of netavark. Podman leaves out those that it cannot read, with a warning at each command (containers/common
 * libnetwork/netavark/network.go, loadNetworks).
 */
export const containerNetworks: FurtherFiles = {
  find: (image) => {
    const values = image.configuration.containers.values
    if (values.get('network.network_backend')?.value === 'cni') return []
    const configured = values.get('network.network_config_dir')?.value
    return filesIn(image, [typeof configured === 'string' && configured !== '' ? configured : usualPlace], '.json')
  },
  judge: (image, paths) =>
    paths.flatMap((path): FileFault[] => {
      const read = readObject(image, path)
      if ('error' in read) return [ignored(path, `It does not parse: ${read.error}`)]
      const problem = networkProblem(read.value, path.slice(path.lastIndexOf('/') + 1))
      return problem === undefined ? [] : [ignored(path, problem)]
    }),
}

function networkProblem({ name, id }: Record<string, unknown>, fileName: string): string | undefined {
  if (typeof name !== 'string' || !nameRule.test(name))
    return `Its name ${JSON.stringify(name)} is not a valid network name`
  if (`${name}.json` !== fileName) return `Its name ${name} is not that of the file`
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) ? undefined : 'Its id is not of 64 hexadecimal digits'
}
