import { BlockList, isIPv4 } from 'node:net'
import { guestNetwork } from '../../../harness/contract/runner.ts'
import type { EffectiveValue } from '../../../harness/inspect/configuration/effective.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import { helperFolders } from '../../../harness/inspect/programs/helper-folders.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

type Values = ReadonlyMap<string, EffectiveValue>

/** A default that podman accepts and that takes away what runners ask for. */
interface Default {
  key: string
  takesAway(value: unknown, image: InspectedImage): boolean
  /** What no longer works, as a clause. */
  loss: string
}

const isOneOf =
  (...values: unknown[]): Default['takesAway'] =>
  (value) =>
    values.includes(value)

const defaults: readonly Default[] = [
  {
    key: 'engine.pull_policy',
    takesAway: isOneOf('never'),
    loss: 'podman run refuses each image that was not pulled before',
  },
  {
    key: 'engine.image_default_transport',
    takesAway: (value) => typeof value === 'string' && value !== '' && !/^docker(:|$)/.test(value),
    loss: 'podman pull takes the names of images for something else than those of registries',
  },
  // podman issue 22480: the image quay.io/podman/stable sets it, and no port is published.
  { key: 'containers.netns', takesAway: isOneOf('host', 'none'), loss: 'no port of a container is published' },
  {
    key: 'containers.log_driver',
    takesAway: isOneOf('none', 'passthrough', 'passthrough-tty'),
    loss: 'podman logs has nothing to show',
  },
  {
    key: 'network.firewall_driver',
    takesAway: isOneOf('none'),
    loss: 'containers reach nothing outside, and no port of theirs is published',
  },
  // podman issue 4159: "container-init binary not found on the host".
  {
    key: 'containers.init',
    takesAway: (value, image) => value === true && !hasInit(image),
    loss: 'every container asks for catatonit, which is in no helper folder',
  },
  {
    key: 'network.default_subnet',
    takesAway: (value) => typeof value === 'string' && coversGuest(value),
    loss: `it takes the addresses of the gateway and the name server of the machine (${guestNetwork.gateway})`,
  },
]

function hasInit(image: InspectedImage): boolean {
  const { files, init, configuration } = image
  const paths = ['containers', 'engine'].map(
    (table) => configuration.containers.values.get(`${table}.init_path`)?.value,
  )
  // A path that is set and leads nowhere is CON-008's.
  if (paths.some((path) => typeof path === 'string' && path !== '')) return true
  return findProgram(files, 'catatonit', [...helperFolders(image), ...init.searchPath]) !== undefined
}

/** A network that is as narrow as the machine's or narrower, and holds addresses of it: its route comes first. */
function coversGuest(subnet: string): boolean {
  const [address = '', length = ''] = subnet.split('/')
  const machine = new BlockList()
  machine.addSubnet(guestNetwork.gateway, guestNetwork.prefixLength)
  return isIPv4(address) && machine.check(address) && Number(length) >= guestNetwork.prefixLength
}

function examineDefaults(image: InspectedImage): Examination {
  const values: Values = image.configuration.containers.values
  return examineEach(defaults, 'Nothing.', ({ key, takesAway, loss }) => {
    const found = values.get(key)
    return found && takesAway(found.value, image)
      ? finding(found.origin, `${key} is ${JSON.stringify(found.value)}: ${loss}.`)
      : undefined
  })
}

export const containerDefaultChecks: readonly StaticCheck[] = [
  {
    id: 'CON-011',
    title: 'Defaults of containers.conf leave containers what runners ask for',
    severity: 'error',
    why: 'Runners run images that were not pulled, publish ports and read logs; podman accepts each of these values and then does none of it.',
    source: 'Contract, "Commands and answers"; containers.conf(5); podman issues 4159 and 22480',
    remedy: 'Leave the key out, and give the option to the commands that need it.',
    examine: examineDefaults,
  },
]
