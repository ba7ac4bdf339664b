/** What a runner asks of the image, by the boot contract's names; the prefix `podman_` is added here. */
export interface ContractRequest {
  /** Shell command, run once. */
  cmd?: string
  input?: 'none' | 'oci' | 'tar' | 'dir'
  output?: 'text' | 'tar' | 'storage'
  state?: 'none' | 'disk'
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
}

type Encoder = (value: never) => string
const asIs: Encoder = (value: string | number) => String(value)
const flag: Encoder = (value: boolean) => (value ? '1' : '0')
const base64: Encoder = (value: string) => Buffer.from(value).toString('base64')
const list: Encoder = (value: readonly string[]) => value.join(',')

const parameters: Record<keyof ContractRequest, [name: string, encoder: Encoder]> = {
  cmd: ['cmd', base64],
  input: ['input', asIs],
  output: ['output', asIs],
  state: ['state', asIs],
  network: ['network', flag],
  ip: ['ip', asIs],
  gw: ['gw', asIs],
  prefixlen: ['prefixlen', asIs],
  dns: ['dns', list],
  interactive: ['interactive', flag],
  daemon: ['daemon', flag],
  idleTimeoutSeconds: ['idle_timeout', asIs],
  ninep: ['9p', flag],
  auth: ['auth', flag],
  ca: ['ca', flag],
}

/** The kernel parameters of a request, in the table's order. */
export function contractParameters(request: ContractRequest): string[] {
  return (Object.keys(parameters) as (keyof ContractRequest)[])
    .filter((key) => request[key] !== undefined)
    .map((key) => {
      const [name, encoder] = parameters[key]
      return `podman_${name}=${encoder(request[key] as never)}`
    })
}
