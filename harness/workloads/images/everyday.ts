import type { Workload } from '../workload.ts'
import { busyboxRoot } from './busybox-root.ts'

/** As the common base images have it (alpine, busybox, debian on Docker Hub). */
const shellSettings = { Cmd: ['/bin/sh'], Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] }

/** A base image of one layer, told apart from the others by its title label. */
const baseImage = (name: string, references: readonly string[], purpose: string): Workload => ({
  name,
  purpose,
  references,
  settings: shellSettings,
  layers: (ingredients) => [{ entries: busyboxRoot(ingredients) }],
})

const aliased = (name: string): Workload =>
  baseImage(name, [`library/${name}:latest`], 'What the short-name alias of the recipe has to lead to.')

/** The five names that the recipe's registries.conf gives an alias, and one that only the second search registry has. */
export const everydayWorkloads: readonly Workload[] = [
  baseImage('alpine', ['library/alpine:latest', 'library/alpine:3.20'], 'The image of most runs; also by tag.'),
  aliased('busybox'),
  aliased('nginx'),
  aliased('ubuntu'),
  aliased('debian'),
  baseImage(
    'quay-only',
    ['quay.io/vpdmn/quay-only:latest'],
    'On quay.io alone: found by an unqualified name only through the second entry of the search list.',
  ),
]
