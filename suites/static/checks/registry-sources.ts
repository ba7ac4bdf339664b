import {
  isSameRegistry,
  registryRowsInForce,
  sourceOf,
} from '../../../harness/inspect/configuration/registry-sources.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

/** A full name that a short one may stand for, and how it comes about. */
interface PulledName {
  name: string
  origin: string
}

const docker = 'docker.io/'

/** docker.io keeps its own images below `library` (distribution reference, ParseNormalizedNamed). */
const normalized = (name: string): string =>
  name.startsWith(docker) && !name.slice(docker.length).includes('/')
    ? `${docker}library/${name.slice(docker.length)}`
    : name

/** What short names become: every alias, and a name at each search registry. */
export function pulledNames({ configuration }: InspectedImage): PulledName[] {
  const { values } = configuration.registries
  const search = values.get('unqualified-search-registries')?.value
  const searched = (Array.isArray(search) ? search : []).map((host) => ({
    name: normalized(`${host}/name`),
    origin: `the search registry ${host}`,
  }))
  const aliased = [...values].flatMap(([key, { value }]) =>
    key.startsWith('aliases.') && typeof value === 'string' && value !== ''
      ? [{ name: normalized(value), origin: `the alias ${key.slice('aliases.'.length)}` }]
      : [],
  )
  return [...searched, ...aliased]
}

/** The registries that such names are pulled from, those of mirrors left out. */
export function pulledHosts(image: InspectedImage): string[] {
  const rows = registryRowsInForce(image.configuration.registries.layers)
  const sources = pulledNames(image).map(({ name }) => sourceOf(name, rows)?.source ?? name)
  return [...new Set(sources.map((source) => source.split(/[/:]/, 1)[0] ?? ''))]
}

type Fault = (found: NonNullable<ReturnType<typeof sourceOf>>, name: string) => string | undefined

/** Names with one fault of one row are one finding. */
function examineSources(image: InspectedImage, fault: Fault): Examination {
  const rows = registryRowsInForce(image.configuration.registries.layers)
  const faults = new Map<string, { path: string; message: string; origins: string[] }>()
  const names = pulledNames(image)
  for (const { name, origin } of names) {
    const found = sourceOf(name, rows)
    const message = found && fault(found, name)
    if (found === undefined || message === undefined) continue
    const known = faults.get(found.row.prefix)
    if (known) known.origins.push(origin)
    else faults.set(found.row.prefix, { path: found.row.path, message, origins: [origin] })
  }
  const examination = examineEach(names, 'No search registry and no alias is set.', () => undefined)
  return { ...examination, findings: [...faults.values()].map(sourceFinding) }
}

const shownOrigins = 3

function sourceFinding({ path, message, origins }: { path: string; message: string; origins: string[] }) {
  const shown = origins.slice(0, shownOrigins).join(', ')
  const more = origins.length > shownOrigins ? ` and ${origins.length - shownOrigins} more` : ''
  return finding(path, `${message}: this is what ${shown}${more} lead to.`)
}

const reachFault: Fault = ({ source, row }, name) => {
  if (row.isBlocked) return `[[registry]] ${row.prefix} is blocked`
  return isSameRegistry(name, source) ? undefined : `[[registry]] ${row.prefix} is only pulled from ${row.location}`
}

const safetyFault: Fault = ({ row }) =>
  row.isInsecure && !row.isBlocked ? `[[registry]] ${row.prefix} is pulled without TLS or its verification` : undefined

const source =
  'containers-registries.conf(5), "Remapping and mirroring registries"; containers/image pkg/sysregistriesv2'

export const registrySourceChecks: readonly StaticCheck[] = [
  {
    id: 'REG-008',
    title: 'Search registries and aliases lead to the registry that they name',
    severity: 'error',
    why: 'A registry that is blocked, or replaced by one which lacks the images, makes every short name that leads there fail.',
    source,
    remedy: 'Take blocked away, or list the other registry as [[registry.mirror]] and keep location.',
    examine: (image) => examineSources(image, reachFault),
  },
  {
    id: 'REG-009',
    title: 'Search registries and aliases are pulled by TLS',
    severity: 'warning',
    why: 'With insecure, whoever is on the way can give every guest another image under the same name.',
    source,
    remedy: 'Set insecure for a private registry or mirror only, or give podman its certificate (certs.d).',
    examine: (image) => examineSources(image, safetyFault),
  },
]
