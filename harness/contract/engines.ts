import type { ArchitectureName } from '../model/architecture.ts'
import type { EngineName } from '../model/engine.ts'

/** Kernel parameters by the contract's names, without the engine's prefix, in the order in which runners send them. */
export const parameterNames = [
  'cmd',
  'input',
  'output',
  'state',
  'network',
  'ip',
  'gw',
  'prefixlen',
  'dns',
  'registry',
  'insecure_registry',
  'registry_secure',
  'registry_ca',
  'registry_user',
  'registry_pass',
  'interactive',
  'exit_grace',
  '9p',
  'daemon',
  'idle_timeout',
  'auth',
  'ca',
] as const
export type ParameterName = (typeof parameterNames)[number]

/** Parameters that every image of every era handles. */
export const baseParameters: readonly ParameterName[] = [
  'cmd',
  'input',
  'output',
  'state',
  'network',
  'interactive',
  'daemon',
  'idle_timeout',
  '9p',
]

/** What differs between the images of the layer's engines. */
export interface Engine {
  /** The container engine, and the value of the kernel word `runtime=`. */
  runtime: string
  /** The program that runs containers: not the command that people type, which may lead to another engine. */
  program: string
  /** The layer's tool, which names image, shares and folders. */
  tool: string
  /** Starts each kernel parameter. */
  prefix: string
  /** Parameters that its images handle beyond the base, in every era. */
  parameters: readonly ParameterName[]
  shareTags: Readonly<Record<'share' | 'auth' | 'ca', string>>
  /** Where the credentials of the share `auth` end up, and the variable that names the file where the engine needs one. */
  credentials: { folder: string; file: string; variable?: string }
  /** Where the engine keeps images and containers. */
  store: string
  /** Bounds the time from the start of init to the engine's first answer, on an emulated processor of a busy machine. */
  startTimeoutMs: number
  /** Recipes that bitbake builds: the image, and what puts it beside kernel and initramfs. */
  recipes: { image: string; deploy: string; initramfs: string }
  /** Folder of an SDK that holds a folder for each architecture. */
  sdkFolder: string
  /** Folder beside the deployed images that holds a folder for each architecture. */
  deployFolder: string
}

export const engines = {
  podman: {
    runtime: 'podman',
    program: 'podman',
    tool: 'vpdmn',
    prefix: 'podman_',
    parameters: [],
    shareTags: { share: 'vpdmn_share', auth: 'vpdmn_auth', ca: 'vpdmn_ca' },
    credentials: {
      folder: '/run/containers/0',
      file: '/run/containers/0/auth.json',
      variable: 'REGISTRY_AUTH_FILE',
    },
    store: '/var/lib/containers/storage',
    startTimeoutMs: 0,
    recipes: {
      image: 'vpdmn-rootfs-image',
      deploy: 'vpdmn-initramfs-create',
      initramfs: 'vpdmn-tiny-initramfs-image',
    },
    sdkFolder: 'vpdmn-blobs',
    deployFolder: 'vpdmn',
  },
  docker: {
    runtime: 'docker',
    program: 'dockerd',
    tool: 'vdkr',
    prefix: 'docker_',
    parameters: ['registry', 'insecure_registry', 'registry_secure', 'registry_ca', 'registry_user', 'registry_pass'],
    shareTags: { share: 'vdkr_share', auth: 'vdkr_auth', ca: 'vdkr_ca' },
    credentials: { folder: '/root/.docker', file: '/root/.docker/config.json' },
    store: '/var/lib/docker',
    // containerd and dockerd: 45 s, and six times that beside others.
    startTimeoutMs: 480_000,
    recipes: {
      image: 'vdkr-rootfs-image',
      deploy: 'vdkr-initramfs-create',
      initramfs: 'vdkr-tiny-initramfs-image',
    },
    sdkFolder: 'vdkr-blobs',
    deployFolder: 'vdkr',
  },
} as const satisfies Readonly<Record<EngineName, Engine>>

/** The engine of which the podman suite asks, and by whose names requirements are written. */
export const { podman } = engines

/** A text of the requirements', which are written by podman's names, by those of another engine. */
export const inWordsOf = (engine: EngineName, text: string): string =>
  namesOf(podman).reduce(
    (words, name, index) => words.replaceAll(name, namesOf(engines[engine])[index] as string),
    text,
  )

/** What holds another name comes before it. */
const namesOf = ({ prefix, shareTags, credentials, store, runtime }: Engine): string[] => [
  prefix,
  ...Object.values(shareTags),
  credentials.file,
  store,
  runtime,
]

/** The init for Xen, in either image, takes parameters with this prefix. */
export const xenPrefix = 'docker_'
/** Path of that init. */
export const xenInit = '/vxn-init.sh'

/** Words of the initramfs and the init for Xen, which no engine prefixes. */
export const vcontainerWords = { init: 'vcontainer.init', blk: 'vcontainer.blk', timing: 'vcontainer_timing' } as const

/** A parameter as it stands on the kernel's command line, without its value. */
export const parameter = (name: ParameterName, prefix: string = podman.prefix): string => `${prefix}${name}`

/** Multiconfigs of bitbake, by architecture; their build folders are `tmp-NAME`. */
export const multiconfigs: Readonly<Record<ArchitectureName, string>> = {
  x86_64: 'vruntime-x86-64',
  aarch64: 'vruntime-aarch64',
}

/** The file of credentials on the share `auth`. */
export const credentialsOnShare = 'config.json'
/** Where shares and disks appear in a guest. */
export const guestFolders = { share: '/mnt/share', input: '/mnt/input', state: '/mnt/state' } as const
/** Kept by a daemon on the share while containers run; it holds their IDs. */
export const runningContainersFile = '.containers_running'
/** The archive of the store on the share. */
export const storageArchive = 'storage.tar'
/** What a command leaves for an answer of the kind `tar`. */
export const outputArchive = '/tmp/output.tar'

/** The parameters of podman's images as they stand on the kernel's command line, by their names in the contract. */
export const podmanParameters = Object.fromEntries(parameterNames.map((name) => [name, parameter(name)])) as Readonly<
  Record<ParameterName, string>
>
