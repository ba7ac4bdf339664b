import { area } from './area.ts'

const page = (command: string): string => `podman-${command}(1)`
const store = 'Keep the graph root and /var/tmp writable, with room for a copy of the image.'
const builder =
  'Read the builder’s message: it runs crun like podman run, and keeps its work in the graph root and /var/tmp.'

/** What podman does with images once they are there. */
export const imageRequirements = area([
  {
    id: 'IMG-004',
    title: 'An image that a container uses is not removed; without it, it is, with its layers',
    severity: 'error',
    why: 'The one would break containers, the other fill the store.',
    source: page('rmi'),
    remedy: store,
  },
  {
    id: 'IMG-009',
    title: 'A container’s files are exported and imported as an image',
    severity: 'error',
    why: 'Root file systems become images that way.',
    source: `${page('export')}, ${page('import')}`,
    remedy: store,
  },
  {
    id: 'IMG-010',
    title: 'A changed container is committed as an image with another command',
    severity: 'error',
    why: 'Images are made by hand that way.',
    source: page('commit'),
    remedy: store,
  },
  {
    id: 'IMG-011',
    title: 'An image is built from a Containerfile without a network',
    severity: 'error',
    why: 'Builds in a guest without a way out are the rule; RUN, COPY, ENV and CMD are what they are made of.',
    source: `${page('build')}; Containerfile(5)`,
    remedy: builder,
  },
  {
    id: 'IMG-012',
    title: 'A build in several stages keeps only the last one’s files',
    severity: 'error',
    why: 'Compilers stay out of what is shipped that way.',
    source: 'Containerfile(5), FROM and COPY --from',
    remedy: builder,
  },
])
