import type { EngineName } from '../model/engine.ts'
import { dialects } from './dialects.ts'
import { engines, type ParameterName, parameterNames, podman } from './engines.ts'
import { kernelWords } from './runner.ts'

/** What a runner asks of the image, by the contract's names. */
export interface ContractRequest {
  /** Shell command, run once. */
  cmd?: string
  /** Left out, a runner sends `none`. */
  input?: 'none' | 'oci' | 'tar' | 'dir'
  /** Left out, a runner sends `text`. */
  output?: 'text' | 'tar' | 'storage'
  state?: 'disk'
  network?: boolean
  ip?: string
  gw?: string
  prefixlen?: number
  dns?: readonly string[]
  interactive?: boolean
  daemon?: boolean
  idleTimeoutSeconds?: number
  ninep?: boolean
  auth?: boolean
  ca?: boolean
  /** A registry of the runner's, with credentials; images of podman do nothing with it. */
  registry?: { name: string; user: string; password: string }
  /** A registry whose certificate is not looked at; images of podman do nothing with it. */
  insecureRegistry?: string
}

type Values = Partial<Record<ParameterName, string>>

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const flag = (wanted: boolean | undefined): string | undefined => (wanted ? '1' : undefined)

/** Values as runners send them; what is not asked for is left out. */
const valuesOf = (request: ContractRequest): Values => {
  const { registry, idleTimeoutSeconds: idle, prefixlen } = request
  const values: Record<ParameterName, string | undefined> = {
    cmd: request.cmd === undefined ? undefined : base64(request.cmd),
    input: request.input ?? 'none',
    output: request.output ?? 'text',
    state: request.state,
    network: flag(request.network),
    ip: request.ip,
    gw: request.gw,
    prefixlen: prefixlen === undefined ? undefined : String(prefixlen),
    dns: request.dns?.join(','),
    registry: registry?.name,
    insecure_registry: request.insecureRegistry,
    registry_secure: flag(registry !== undefined),
    registry_ca: undefined,
    registry_user: registry?.user,
    registry_pass: registry && base64(registry.password),
    interactive: flag(request.interactive),
    exit_grace: undefined,
    '9p': flag(request.ninep),
    daemon: flag(request.daemon),
    idle_timeout: idle === undefined ? undefined : String(idle),
    auth: flag(request.auth),
    ca: flag(request.ca),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The engine's kernel parameters of a request, in the order of runners. `prefix` is the engine's, or that of the init for Xen. */
export function contractParameters(request: ContractRequest, prefix: string = podman.prefix): string[] {
  const values = valuesOf(request)
  return parameterNames.flatMap((name) => (values[name] === undefined ? [] : [`${prefix}${name}=${values[name]}`]))
}

/** All that a runner of an engine's images writes behind the console on the kernel's command line, for one machine. */
export const runnerParameters = (request: ContractRequest, engine: EngineName = 'podman'): string[] => [
  ...(request.interactive ? kernelWords.interactive : []),
  kernelWords.init,
  `runtime=${engines[engine].runtime}`,
  ...contractParameters(request, engines[engine].prefix),
]

/** How runners bring the image of an OCI layout into the store: podman 4 names what it pulls from a layout after the folder. */
export const importCommand = (layout: string, name: string, engine: EngineName = 'podman'): string =>
  `skopeo copy -q oci:${layout} ${dialects[engine].storeTransport}${name}`
