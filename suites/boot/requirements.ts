import type { Requirement } from '../../harness/requirement/requirement.ts'

const contract = 'boot contract'

/** What the image must answer to the runners that boot it. */
export const bootRequirements: readonly Requirement[] = [
  {
    id: 'BOOT-001',
    suite: 'boot',
    title: 'The image’s init is reached and ends the machine',
    severity: 'blocker',
    why: 'A runner boots the image for every command; an init that does not start, or does not end the machine, makes it wait until its limit.',
    source: `${contract}, "Boot flow" and "Answers on the console"`,
    remedy: 'Make /init executable, give it a shell that exists in the image, and end it with sync and reboot -f.',
    quick: true,
  },
  {
    id: 'BOOT-002',
    suite: 'boot',
    title: 'A one-shot command’s output comes back between its markers, unchanged',
    severity: 'blocker',
    why: 'Runners cut the answer out of the console by ===OUTPUT_START=== and ===OUTPUT_END===; what stands outside is lost, what is changed inside is wrong.',
    source: `${contract}, "Answers on the console": text`,
    remedy:
      'Decode podman_cmd by base64, run it in a shell, and print its stdout and stderr between the two markers, each on a line of its own.',
  },
  {
    id: 'BOOT-003',
    suite: 'boot',
    title: 'A one-shot command’s exit code comes back exactly',
    severity: 'blocker',
    why: 'Builds decide by the exit code; a lost code turns a failed pull into a success.',
    source: `${contract}, "Answers on the console": ===EXIT_CODE=N===`,
    remedy: 'Keep the exit code of the command itself (not of a pipe behind it) and print ===EXIT_CODE=N===.',
    quick: true,
  },
  {
    id: 'BOOT-004',
    suite: 'boot',
    title: 'A boot without a command is answered by an error',
    severity: 'error',
    why: 'A runner that lost its command must learn it at once, not by waiting for a prompt that never comes.',
    source: `${contract}, "Answers on the console": failure`,
    remedy: 'When neither podman_cmd nor podman_daemon=1 is given, print ===ERROR=== and a sentence, then reboot.',
    quick: true,
  },
  {
    id: 'BOOT-005',
    suite: 'boot',
    title: 'The daemon answers a ping',
    severity: 'error',
    why: 'Runners that keep a guest alive wait for ===PONG=== before they send commands.',
    source: `${contract}, "Daemon mode"`,
    remedy: 'With podman_daemon=1, read lines from the first virtio-serial port and answer ===PING=== with ===PONG===.',
    quick: true,
  },
  {
    id: 'BOOT-006',
    suite: 'boot',
    title: 'The daemon runs a command and returns its output and exit code',
    severity: 'error',
    why: 'This is how every podman call of an interactive session reaches the guest.',
    source: `${contract}, "Daemon mode"`,
    remedy: 'Answer a base64 line with output markers, ===EXIT_CODE=N=== and ===END===, and go on reading.',
    quick: true,
  },
  {
    id: 'BOOT-007',
    suite: 'boot',
    title: 'The daemon shuts the machine down when asked',
    severity: 'error',
    why: 'A runner that must kill the guest loses what has not reached the state disk.',
    source: `${contract}, "Daemon mode": ===SHUTDOWN===`,
    remedy: 'Answer ===SHUTDOWN=== with ===SHUTTING_DOWN===, sync, unmount, and power off.',
    quick: true,
  },
]
