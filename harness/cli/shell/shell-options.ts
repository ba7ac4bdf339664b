import { architectureNames, defaultArchitecture } from '../../model/architecture.ts'
import { optionsText } from '../help.ts'
import type { Option } from '../read-options.ts'
import { machineOptions } from '../verify-options.ts'

const guest = 'Which guest'
const boot = 'How to boot it'
const shell = 'What to do there'

/** The options of shell.mjs, for its reader and its help text. */
export const shellOptions = [
  {
    name: 'arch',
    value: 'NAME',
    group: guest,
    text: `${architectureNames.join(' or ')} (default: the image’s, or ${defaultArchitecture})`,
  },
  { name: 'boot', group: guest, text: 'boot anew as a runner does, do not fork' },
  { name: 'init-hang', group: guest, text: 'stop before init; "go-on" there starts it' },
  { name: 'pulled', group: guest, text: 'with docker.io/library/alpine in podman’s store' },
  { name: 'snapshot', value: 'DIR', group: guest, text: 'resume a guest that verify kept' },
  ...machineOptions,
  { name: 'registry', value: 'WAY', group: boot, text: 'process, testcontainers or a URL' },
  { name: 'command', value: 'TEXT', group: shell, text: 'run this instead, and end with its exit code' },
  { name: 'verbose', group: shell, text: 'details of internal errors' },
  { name: 'help', group: shell, text: 'this text' },
] as const satisfies readonly Option[]

export type ShellOption = (typeof shellOptions)[number]['name']

export const shellHelp = (): string => `Usage: npx zx harness/shell.mjs [IMAGE|FOLDER] [options]

Opens a shell as root in a guest that runs the image, forked from a snapshot of
a booted one, with podman's network and the harness's registry. Without IMAGE:
the reference image. Leave it by "exit" or Ctrl-]. The guest is gone then, and
the next one is as fresh as this one was. A script on stdin is run like a
--command.

${optionsText(shellOptions)}
Examples    npx zx harness/shell.mjs my.squashfs
            npx zx harness/shell.mjs --pulled --command 'podman run alpine ls'
            npx zx harness/shell.mjs my.squashfs --arch aarch64 < script.sh
Exit codes  that of --command or of the script; 0 for a shell that was left
            2 usage error or unreadable input · 3 harness or environment fault
            255 the guest ended before the command did, or its kernel panicked
`
