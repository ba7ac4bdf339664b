/** How runners of the layer start, address and await a machine; what they do is what an image may be asked for. */

/** Name that runners give the virtio-serial port of the command loop, for both engines. Guests find it by its device. */
export const portName = 'vdkr'

/** Devices at which a guest looks for the port of its command loop; the first that exists counts. */
export const portDevices = ['/dev/vport0p1', '/dev/vport1p1', '/dev/vport2p1', '/dev/hvc1'] as const

/** Network of the machine: QEMU's user network, whose numbers a guest takes without asking. */
export const guestNetwork = {
  devices: ['eth0', 'enp0s2', 'enp0s3', 'ens3'],
  address: '10.0.2.15',
  prefixLength: 24,
  gateway: '10.0.2.2',
  nameServer: '10.0.2.3',
} as const

/** Name servers that runners give each container. */
export const containerDns = ['--dns=10.0.2.3', '--dns=8.8.8.8'] as const

/** Words between the console and the engine's own, such as those that an image does not know and must ignore. */
export const kernelWords = {
  init: 'init=/init',
  interactive: ['quiet', 'loglevel=0'],
} as const

/** Bounds of the layer's runner, in milliseconds. */
export const runnerBounds = {
  /** From a one-shot answer to the machine's end, before the runner kills it. */
  oneShotEndMs: 30_000,
  /** From the daemon's farewell to the machine's end. */
  daemonEndMs: 60_000,
  /** How long the runner holds the connection after each ping and after asking for the end. */
  heldConnectionMs: 3_000,
  /** From the end of what it sends to the hang-up of a runner that awaits no answer: the default of socat(1), -t. */
  hangUpMs: 500,
  /** Tries of a ping, one a second. */
  pings: 120,
  /** Without a line for so long the runner takes a command for ended. */
  silentCommandMs: 60_000,
} as const

/** How often a daemon looks for running containers, in seconds: a fifth of the idle time-out within these bounds. */
export const containersLookSeconds = { share: 5, least: 10, most: 60 } as const

/** Size of the state disks that runners make, in MiB. */
export const stateDiskMiB = 2048
