import { parse } from 'smol-toml'
import { longNameProblem, shortNameProblem } from '../configuration/registry-names.ts'
import { readIdRanges } from '../configuration/subordinate-ids.ts'
import { type FileFault, type FurtherFiles, ignored, refused } from './further-file.ts'

const present =
  (paths: readonly string[]): FurtherFiles['find'] =>
  ({ files }) =>
    paths.filter((path) => files.findFile(path) !== undefined)

/** Folders of the host that every container gets; the first file that exists counts (containers-mounts.conf(5)). */
export const defaultMounts: FurtherFiles = {
  find: (image) => present(['/etc/containers/mounts.conf', '/usr/share/containers/mounts.conf'])(image).slice(0, 1),
  judge: ({ files, init }, paths) =>
    paths.flatMap((path) =>
      contentLines(files.text(path) ?? '').flatMap((line): FileFault[] => {
        const [host = ''] = line.split(':', 1)
        if (!host.startsWith('/')) return [ignored(path, `The line ${JSON.stringify(line)} does not begin with a path`)]
        return files.find(host) || init.mentions(host) ? [] : [ignored(path, `${host} does not exist`)]
      }),
    ),
}

/** Ranges of ids for user name spaces (subuid(5)). */
export const idRanges: FurtherFiles = {
  find: present(['/etc/subuid', '/etc/subgid']),
  judge: ({ files }, paths) =>
    paths.flatMap((path) =>
      readIdRanges(files.text(path) ?? '').malformed.map((line) =>
        ignored(path, `The line ${JSON.stringify(line)} is not of the form NAME:START:COUNT`),
      ),
    ),
}

/** Aliases that podman noted down by itself (containers/image sysregistriesv2, shortNameAliasesConfPath). */
export const notedAliases: FurtherFiles = {
  find: present(['/var/cache/containers/short-name-aliases.conf']),
  judge: ({ files }, paths) =>
    paths.flatMap((path) => {
      try {
        const { aliases = {} } = parse(files.text(path) ?? '') as { aliases?: Record<string, unknown> }
        return Object.entries(aliases).flatMap(([name, target]): FileFault[] => {
          const problem = shortNameProblem(name) ?? longNameProblem(String(target))
          return problem ? [refused(path, `The alias ${JSON.stringify(name)}: ${problem}`)] : []
        })
      } catch {
        return [refused(path, 'It does not parse')]
      }
    }),
}

const contentLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
