import type { ExecOptions, ExecResult } from '../../harness/guest/guest-agent.ts'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'

/** Arguments for a container of the image in the template, without a network, which would take twice the time. */
export const runArguments = (options: readonly string[], command: readonly string[], image = 'alpine'): string[] => [
  ...['run', '--rm', '--network=none'],
  ...options,
  image,
  ...command,
]

export interface RunRequest {
  options?: readonly string[]
  command: readonly string[]
  image?: string
}

/** Runs a container to its end; judges nothing. */
export const runIn = (
  guest: ForkedGuest,
  { options = [], command, image = 'alpine' }: RunRequest,
  exec: ExecOptions = {},
): Promise<ExecResult> => guest.podman(runArguments(options, command, image), exec)

/** Runs a container that must succeed; its standard output, trimmed. */
export const mustRunIn = (guest: ForkedGuest, { options = [], command, image = 'alpine' }: RunRequest) =>
  guest.mustPodman(runArguments(options, command, image))
