import { own } from '../../model/own.ts'
import { expandConstants, type InitScripts, sharedConstants } from '../init/init-scripts.ts'
import type { ShellCommand } from '../shell/shell-words.ts'

/** Options of dockerd that may be given several times, and the key that stands for all of them in daemon.json (moby, `NamedOption`). */
const keysOfOptions: Readonly<Record<string, string>> = {
  'add-runtime': 'runtimes',
  'authorization-plugin': 'authorization-plugins',
  'cdi-spec-dir': 'cdi-spec-dirs',
  'default-address-pool': 'default-address-pools',
  'default-network-opt': 'default-network-opts',
  'default-ulimit': 'default-ulimits',
  'dns-opt': 'dns-opts',
  'exec-opt': 'exec-opts',
  host: 'hosts',
  'host-gateway-ip': 'host-gateway-ips',
  'insecure-registry': 'insecure-registries',
  label: 'labels',
  'log-opt': 'log-opts',
  'node-generic-resource': 'node-generic-resources',
  'registry-mirror': 'registry-mirrors',
  'storage-opt': 'storage-opts',
}

/** dockerd(8): the options that have one letter. */
const letters: Readonly<Record<string, string>> = {
  b: 'bridge',
  D: 'debug',
  G: 'group',
  H: 'hosts',
  l: 'log-level',
  p: 'pidfile',
  s: 'storage-driver',
}

/** An option that init gives dockerd. */
export interface DaemonOption {
  /** As daemon.json calls it. */
  key: string
  /** Undefined where it has none, or one that is no constant of the scripts. */
  value: string | undefined
  path: string
  line: number
}

/** The options with fixed names that init gives dockerd, wherever it starts it. */
export function daemonOptions({ scripts }: InitScripts): DaemonOption[] {
  const constants = sharedConstants(scripts)
  return scripts.flatMap(({ path, shell }) =>
    (shell?.commands ?? []).flatMap((command) => optionsOf(command, constants).map((option) => ({ ...option, path }))),
  )
}

/** Whether a command starts dockerd, itself or by a program such as `exec` or `setsid`. */
const daemonIndex = ({ words }: ShellCommand): number =>
  words.findIndex(({ text }, index) => index < 3 && text?.split('/').at(-1) === 'dockerd')

function optionsOf(command: ShellCommand, constants: ReadonlyMap<string, string>): Omit<DaemonOption, 'path'>[] {
  const start = daemonIndex(command)
  if (start < 0) return []
  const words = command.words
    .slice(start + 1)
    .map(({ raw, text }) => ({ raw, text: text ?? expandConstants(raw, constants) }))
  return words.flatMap(({ raw, text }, index) => {
    const [, dashes, name, given] = /^(--?)([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(text ?? raw) ?? []
    if (name === undefined) return []
    const key = dashes === '-' ? own(letters, name) : (own(keysOfOptions, name) ?? name)
    const next = words[index + 1]?.text
    const value = given ?? (next?.startsWith('-') ? undefined : next)
    return key === undefined ? [] : [{ key, value, line: command.line }]
  })
}
