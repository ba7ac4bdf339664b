import { portName } from '../contract/runner.ts'

/** Each device returns its own QEMU arguments; drives and ports appear in the guest in the order they are given. */
export type Device = readonly string[]

/** QEMU splits option values at commas; a doubled comma is a literal one (qemu(1), "-drive"). */
const escaped = (path: string): string => path.replaceAll(',', ',,')

/** How a guest may use a disk; `write-through` as runners give the state disk, with nothing kept in the host's memory. */
const diskAccess = {
  'read-only': 'read-only=on',
  'read-write': 'read-only=off',
  'write-through': 'read-only=off,cache=directsync',
} as const

/** A virtio-blk disk over PCI. `format=raw` keeps QEMU from guessing by content. */
export function disk(id: string, path: string, access: keyof typeof diskAccess): Device {
  return [
    '-drive',
    `if=none,id=${id},file=${escaped(path)},format=raw,${diskAccess[access]}`,
    '-device',
    `virtio-blk-pci,drive=${id}`,
  ]
}

/** A folder of the host as a 9p share. */
export function share(tag: string, folder: string, access: 'read-only' | 'read-write'): Device {
  const readOnly = access === 'read-only' ? ',readonly=on' : ''
  return [
    '-fsdev',
    `local,id=${tag},path=${escaped(folder)},security_model=none${readOnly}`,
    '-device',
    `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
  ]
}

/** Name of the network, by which runners add ports later. */
export const networkId = 'net0'

/** One TCP destination inside the guest's network that leads to a port of the host's loopback. */
export interface Forward {
  guestAddress: string
  guestPort: number
  hostPort: number
}

/** One TCP port on the host's loopback that leads into the guest. */
export interface PublishedPort {
  hostPort: number
  guestPort: number
}

/** As `hostfwd` of the network and the monitor's `hostfwd_add` take it. */
export const hostForward = ({ hostPort, guestPort }: PublishedPort): string => `tcp:127.0.0.1:${hostPort}-:${guestPort}`

/**
 * QEMU starts this for each connection to a forward. It writes no file, opens few, takes little memory, and starts nothing more
 * (which does not bind root, setrlimit(2)); how many there are the front bounds, which cuts what is too much.
 */
const forwardHelper = `prlimit --core=0 --data=${64 * 1024 ** 2} --fsize=0 --nofile=16 --nproc=0 -- socat -`

/** A user-mode network that reaches nothing but its forwards (`restrict=on`); published ports lead in all the same (qemu(1)). */
export function closedNetwork(forwards: readonly Forward[], published: readonly PublishedPort[] = []): Device {
  const rules = forwards.map(
    ({ guestAddress, guestPort, hostPort }) =>
      `,guestfwd=tcp:${guestAddress}:${guestPort}-cmd:${forwardHelper} TCP:127.0.0.1:${hostPort}`,
  )
  return [
    '-netdev',
    `user,id=${networkId},restrict=on${[...rules, ...published.map((port) => `,hostfwd=${hostForward(port)}`)].join('')}`,
    '-device',
    `virtio-net-pci,netdev=${networkId},romfile=`,
  ]
}

/** The bus that the two channels share; it must precede them. */
export const serialBus: Device = ['-device', 'virtio-serial-pci,id=serial']

/** The image's own command channel: the first port, `/dev/vport0p1` (boot contract, "Daemon mode"). */
export function imageChannel(socketPath: string): Device {
  return serialPort(1, 'image', portName, `path=${escaped(socketPath)},server=on,wait=off`)
}

/** The harness's own channel: the second port, found by the agent through its name; its host end is an inherited socket. */
export function agentChannel(fileDescriptor: number): Device {
  return serialPort(2, 'agent', 'org.qemu.guest_agent.0', `fd=${fileDescriptor}`)
}

function serialPort(number: number, id: string, name: string, hostEnd: string): Device {
  return [
    '-chardev',
    `socket,id=${id},${hostEnd}`,
    '-device',
    `virtserialport,bus=serial.0,nr=${number},chardev=${id},name=${name}`,
  ]
}

/** Guest memory in a file: shared while a template is made, private copies of it for its forks. */
export function memoryFile(path: string, sizeMiB: number, mapping: 'shared' | 'private'): Device {
  const shared = mapping === 'shared' ? 'on' : 'off'
  return [
    '-object',
    `memory-backend-file,id=memory,size=${sizeMiB}M,mem-path=${escaped(path)},share=${shared}`,
    '-machine',
    'memory-backend=memory',
  ]
}
