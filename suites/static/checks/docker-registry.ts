import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

/** What a build of the layer writes there for init, which sources it. */
const path = '/etc/vdkr/registry.conf'

/** `host:port/namespace`, as references to images begin (distribution/reference, "domain" and "path-component"). */
const host = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?`
const oneHost = new RegExp(`^${host}$`)
const hostAndNamespace = new RegExp(`^${host}(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$`)

/** Its variables, and what is wrong with a value. */
const variables: Readonly<Record<string, (value: string) => string | undefined>> = {
  VDKR_DEFAULT_REGISTRY: (value) =>
    value === '' || hostAndNamespace.test(value) ? undefined : `${JSON.stringify(value)} is not HOST:PORT/NAMESPACE`,
  VDKR_INSECURE_REGISTRIES: (value) => {
    const wrong = value.split(/\s+/).find((word) => word !== '' && !oneHost.test(word))
    return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is not HOST:PORT`
  },
}

const assignment = /^(?:export\s+)?([A-Za-z_]\w*)=(?:"([^"$`]*)"|'([^']*)'|([^\s"'$`;]*))\s*(?:#.*)?$/

function lineProblem(line: string): string | undefined {
  const [, name = '', ...values] = assignment.exec(line) ?? []
  const look = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (name === '') return 'is no assignment of a fixed text'
  if (look === undefined) return `sets ${name}, which init does not read`
  const problem = look(values.find((value) => value !== undefined) ?? '')
  return problem && `sets ${name}: ${problem}`
}

const examineRegistryFile: StaticCheck['examine'] = ({ files }): Examination => {
  const text = files.text(path)
  if (text === undefined) return skipped(`The image has no ${path}: it has no registry of its own.`)
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }))
  return examineEach(
    lines.filter(({ line }) => line !== '' && !line.startsWith('#')),
    `${path} sets nothing.`,
    ({ line, number }): Finding | undefined => {
      const problem = lineProblem(line)
      return problem === undefined ? undefined : finding(path, `Line ${number} ${problem}.`)
    },
  )
}

export const dockerRegistryChecks: readonly StaticCheck[] = [
  {
    id: 'DKR-004',
    title: 'registry.conf names registries as init and dockerd read them',
    severity: 'error',
    why: 'Init puts the text before the names of images and gives it to dockerd: with a scheme, or a word too many, no pull from the registry succeeds.',
    source: 'vdkr-rootfs-image.bb, registry.conf; dockerd(8), "--insecure-registry"; distribution/reference, regexp.go',
    remedy:
      'Write VDKR_DEFAULT_REGISTRY="host:port/namespace" and VDKR_INSECURE_REGISTRIES="host:port …", without a scheme.',
    examine: examineRegistryFile,
  },
]
