import {
  baseParameters,
  credentialsOnShare,
  type Engine,
  engines,
  guestFolders,
  outputArchive,
  type ParameterName,
  parameter,
  parameterNames,
  podman,
  runningContainersFile,
  storageArchive,
  vcontainerWords,
  xenInit,
  xenPrefix,
} from '../../harness/contract/engines.ts'
import { eras, erasWith, features } from '../../harness/contract/eras.ts'
import {
  containerMarkers,
  exitCodeMarker,
  exitedMarker,
  initramfsError,
  inputPlaceholder,
  interactiveEndMarker,
  type MarkerKey,
  markers,
} from '../../harness/contract/markers.ts'
import { runnerParameters } from '../../harness/contract/request.ts'
import {
  containerDns,
  containersLookSeconds,
  guestNetwork,
  portDevices,
  runnerBounds,
} from '../../harness/contract/runner.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { engineNames } from '../../harness/model/engine.ts'
import { eraNames, type FeatureName, featureNames } from '../../harness/model/era.ts'
import { code, table } from './tables.ts'

const codes = (texts: readonly string[]): string => texts.map(code).join(', ')
const seconds = (durationMs: number): string => `${durationMs / 1000} s`

/** What each parameter asks for, and what an image does without it. */
const meanings: Record<ParameterName, string> = {
  cmd: 'the command, base64 of a line of shell',
  input: `\`none\`, \`oci\`, \`dir\` or \`tar\`: an input disk is mounted at ${code(guestFolders.input)}`,
  output: '`text`, `tar` or `storage`: the form of the answer',
  state: `\`disk\`: the store is on the state disk; without it on a tmpfs`,
  network: '`1`: the network is set up; without it it stays down',
  ip: `address, by default ${code(guestNetwork.address)}`,
  gw: `gateway, by default ${code(guestNetwork.gateway)}`,
  prefixlen: `length of the network’s prefix, by default ${guestNetwork.prefixLength}`,
  dns: `name servers, split by commas; by default ${code(guestNetwork.nameServer)} comes first`,
  registry:
    'a registry of the runner’s, with a namespace, or `none`; images of podman do nothing with it or the next five',
  insecure_registry: 'a registry without TLS; may be there several times',
  registry_secure: '`1`: the registry of the runner’s is reached by TLS',
  registry_ca: `\`1\`: its certificate authority is ${code(`${guestFolders.share}/ca.crt`)}`,
  registry_user: 'user at that registry',
  registry_pass: 'password of that user, base64',
  interactive: '`1`: the command runs on the console itself',
  exit_grace: 'passed over',
  '9p': `\`1\`: the share ${code(podman.shareTags.share)} is mounted at ${code(guestFolders.share)}`,
  daemon: '`1`: commands come by a virtio-serial port until the machine is told to end',
  idle_timeout: 'seconds; sets how often a daemon looks for running containers',
  auth: `\`1\`: credentials come by the share ${code(podman.shareTags.auth)}`,
  ca: `\`1\`: certificate authorities come by the share ${code(podman.shareTags.ca)}`,
}

const featureOf = (name: ParameterName): FeatureName | undefined =>
  featureNames.find((feature) => features[feature].parameters.includes(name))

const erasOf = (name: ParameterName): string => {
  const feature = featureOf(name)
  if (feature) return erasWith(feature).join(', ')
  if (baseParameters.includes(name)) return 'every'
  const takers = engineNames.filter((engine) => engines[engine].parameters.some((each) => each === name))
  return takers.length === 0 ? 'none relies on it' : `every, in images of ${takers.join(' and ')}`
}

const parameterRows = parameterNames.map((name) => [code(parameter(name)), meanings[name], erasOf(name)])

/** Who sends each marker, and when. */
const markerMeanings: Record<MarkerKey, string> = {
  outputStart: 'image: the command’s output follows',
  outputEnd: 'image: the output has ended; the runner stops waiting',
  exitCode: `image, as ${code(exitCodeMarker('N'))}: the runner takes the first one`,
  tarStart: `image: base64 of ${code(outputArchive)} follows`,
  tarEnd: 'image: the archive has ended',
  storageStart: 'image: base64 of the packed store follows',
  storageEnd: 'image: the store has ended',
  storageShared: `image: the packed store is ${code(storageArchive)} on the share`,
  error: 'image: a sentence for the user follows',
  end: 'daemon: the answer has ended',
  ping: 'runner: is the daemon there?',
  pong: 'daemon: it is',
  shutdown: 'runner: end the machine',
  shuttingDown: 'daemon: it will end',
  interactive: 'runner, before a command: give it a pseudo-terminal',
  interactiveReady: 'daemon: from here on the port is the terminal',
  interactiveEnd: `daemon, as ${code(interactiveEndMarker('N'))}: the terminal has ended`,
  useInput: `runner, before a command: ${code(inputPlaceholder)} is ${code(guestFolders.share)}`,
}

const engineRow = ({ runtime, prefix, shareTags, credentials, store, recipes, ...folders }: Engine): string[] => [
  code(runtime),
  code(prefix),
  codes(Object.values(shareTags)),
  code(credentials.file),
  code(store),
  codes(Object.values(recipes)),
  codes([folders.sdkFolder, folders.deployFolder]),
]

const kernelLine = runnerParameters({ cmd: 'podman images', network: true }).join(' ')
const { x86_64, aarch64 } = architectures

/** The page on the contract between image and runner, for people who write either. */
export const contractPage = (): string => `# The contract between image and runner

What runners of the layer send an image and what they read back. A requirement of the boot suite sends and reads nothing else, and
names the section below that it comes from. Requirements on what an era does not have are *not applicable* to its images, unless
their init handles it all the same: then it must work.

<!-- Made from harness/contract by "npm run docs". -->

## Eras

A profile names the era whose runners start its image. Without ${code('--profile')} the nearest shipped profile is taken, by what the image contains.

${table(
  ['era', 'layer', 'beyond the base'],
  eraNames.map((name) => [
    name,
    eras[name].layer,
    eras[name].features.map((feature) => features[feature].what).join('; ') || 'nothing',
  ]),
)}

## Engines

The layer has an image for each container engine. What stands below with podman’s names holds for the others by theirs.

${table(
  ['engine', 'prefix', 'shares', 'credentials', 'store', 'recipes', 'folders'],
  engineNames.map((name) => engineRow(engines[name])),
)}

## Starting the machine

- Machine: ${code(`-M ${x86_64.machine} -cpu ${x86_64.contractCpu}`)} or ${code(`-M ${aarch64.machine} -cpu ${aarch64.contractCpu}`)}, two processors, 2 GiB, ${code('-no-reboot')}.
- Drives, in this order, each only where there is one: the image (read-only), the input disk, the state disk (ext4, 2 GiB, ${code('cache=directsync')}).
- Shares by 9p, with the tags ${codes(Object.values(podman.shareTags))}.
- Kernel line, behind the console: ${code(kernelLine)}. With ${code(parameter('interactive'))}, ${code('quiet loglevel=0')} comes first. Words that an image does not know are passed over.
- The prefix of the parameters is the engine’s, ${code(podman.prefix)}; for ${code(xenInit)} it is ${code(xenPrefix)} in every image.

${table(['parameter', 'meaning', 'eras'], parameterRows)}

## Initramfs

- Waits up to 3 s for the first disk, ${code('/dev/vda')}; ${code(vcontainerWords.blk)} gives another name for ${code('vd')}.
- Mounts the squashfs read-only with an overlay of 1 GiB in memory over it, and starts ${code(vcontainerWords.init)}, else ${code('/init')}, else ${code('/sbin/init')}.
- Without a disk, a mount or an init it prints a line that starts with ${code(initramfsError)} and reboots.
- ${code(vcontainerWords.timing)} asks for time stamps of the boot (${erasWith('timing').join(', ')}).

## Disks, shares and network

- The store, ${code(podman.store)}, is a tmpfs, or the state disk.
- A disk or share that was asked for and is missing is a warning on the console; the command runs all the same.
- ${code(inputPlaceholder)} in a command is ${code(guestFolders.input)}; with ${code(`${parameter('input')}=tar`)} it is the first archive below it.
- Network: the first of ${codes(guestNetwork.devices)} gets ${code(`${guestNetwork.address}/${guestNetwork.prefixLength}`)}, a route through ${code(guestNetwork.gateway)} and the name server ${code(guestNetwork.nameServer)}.
- Credentials: the file ${code(credentialsOnShare)} of the share becomes ${code(podman.credentials.file)} (mode 0600, its folder 0700), ${code(podman.credentials.variable)} names it, and the share is unmounted before the command runs.
- Certificate authorities: each ${code('*.crt')} of the share is trusted.

## Commands and answers

- A command is a line of shell that init evaluates. Runners never send a bare ${code('exit')}: where the shell is process 1, that is a panic. They join their arguments by blanks, so quotes of the user are lost.
- The answer stands on the console between markers, each on a line of its own. The runner waits for the end of the output or the archive, then ${seconds(runnerBounds.oneShotEndMs)} for the machine to end.
- Runs get ${codes(containerDns)}; ${code('vrun')} runs with an empty entry point. ${code('save')} and ${code('cp')} write to ${code(guestFolders.share)}.
- Batch import: ${code(`${parameter('input')}=dir`)}, ${code(`${parameter('9p')}=1`)}, ${code(`${parameter('output')}=storage`)} and a subshell with one ${code('skopeo copy oci:… containers-storage:…')} for each layout. A layout may hold an index in the index, for several architectures.
- Without a command and without daemon, without podman, and for an unknown form of answer: ${code(markers.error)} and a sentence.

${table(
  ['marker', 'who says it'],
  (Object.keys(markers) as MarkerKey[]).map((key) => [code(markers[key]), markerMeanings[key]]),
)}

## Daemon

- The port is the first that exists of ${codes(portDevices.slice(0, 3))}, ${code(`/dev/virtio-ports/${podman.tool}`)} and ${code(portDevices[3])}. No name of the port is promised.
- Runners ping once a second, ${runnerBounds.pings} times, and hold each connection for ${seconds(runnerBounds.heldConnectionMs)}. A line is base64 of a command; the whole answer comes when the command has ended. After ${seconds(runnerBounds.silentCommandMs)} without a line the runner takes the command for ended.
- A daemon always has the network, and the share wherever there is one.
- No guest ends itself. It keeps the output of ${code('podman ps -q')} in ${code(`${guestFolders.share}/${runningContainersFile}`)}, removed when empty, and looks every idle_timeout/${containersLookSeconds.share} s, at least ${containersLookSeconds.least} and at most ${containersLookSeconds.most}: the runner ends machines without it.
- ${code(markers.useInput)} is refused where the share is empty or not mounted.
- ${code(markers.shutdown)}: the runner waits ${seconds(runnerBounds.daemonEndMs)}; older ones hang up at once.

## Ports and volumes

- A published port is forwarded to the same port of the machine (${code('hostfwd')}), also later (${code('hostfwd_add')}), and by ${code('-p')} to the container’s.
- Folders of the host lie below ${code(`${guestFolders.share}/volumes`)} and are written back.

## Stores that travel

- The store is packed from inside as ${code('.')}: names begin with ${code('./')}, of which the runner strips one component.
- It is unpacked without owners under a fake root, packed as a state disk, used there, and exported again.
- An archive that was cut is never reported as done: ${code(markers.error)} instead.

## Xen

- ${code(xenInit)} runs one container: a root file system, an OCI layout, or ${code('rootfs/')} on the input disk, which is writable.
- The command runs in ${code('/bin/sh -c')} inside of it; the answer is that of ${code('/init')}.
- With ${code(parameter('daemon', xenPrefix))} the domain’s console is the channel. The image says ${code(markers.pong)} when it serves; ${code(containerMarkers.status)} is answered by ${code(containerMarkers.running)} or ${code(exitedMarker('N'))}, ${code(markers.shutdown)} as by every daemon.
`
