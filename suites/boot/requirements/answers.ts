import type { Requirement } from '../../../harness/requirement/requirement.ts'

const source = 'boot contract, "Answers on the console"'

/** What a one-shot boot answers, and how it fails. */
export const answerRequirements: readonly Requirement[] = [
  {
    id: 'BOOT-002',
    suite: 'boot',
    title: 'A one-shot command’s output comes back between its markers, unchanged',
    severity: 'blocker',
    why: 'Runners cut the answer out of the console by ===OUTPUT_START=== and ===OUTPUT_END===; what stands outside is lost, what is changed inside is wrong.',
    source: `${source}: text`,
    remedy:
      'Decode podman_cmd by base64, run it in a shell, and print its stdout and stderr between the two markers, each on a line of its own.',
  },
  {
    id: 'BOOT-003',
    suite: 'boot',
    title: 'A one-shot command’s exit code comes back exactly',
    severity: 'blocker',
    why: 'Builds decide by the exit code; a lost code turns a failed pull into a success.',
    source: `${source}: ===EXIT_CODE=N===`,
    remedy: 'Keep the exit code of the command itself (not of a pipe behind it) and print ===EXIT_CODE=N===.',
    quick: true,
  },
  {
    id: 'BOOT-004',
    suite: 'boot',
    title: 'A boot without a command is answered by an error',
    severity: 'error',
    why: 'A runner that lost its command must learn it at once, not by waiting for a prompt that never comes.',
    source: `${source}: failure`,
    remedy: 'When neither podman_cmd nor podman_daemon=1 is given, print ===ERROR=== and a sentence, then reboot.',
    quick: true,
  },
  {
    id: 'BOOT-019',
    suite: 'boot',
    title: 'A long output comes back whole',
    severity: 'error',
    why: 'podman inspect of a few images is longer than a pipe’s buffer; what is cut is no longer JSON.',
    source: `${source}: text`,
    remedy:
      'Capture the output in a file, not in a variable or a pipe with a reader that may stop, and print all of it.',
  },
  {
    id: 'BOOT-020',
    suite: 'boot',
    title: 'An unknown output type is answered by an error',
    severity: 'error',
    why: 'A runner that asks for what the image does not know must not take silence for success.',
    source: `${source}: failure`,
    remedy: 'For a podman_output that is not text, tar or storage, print ===ERROR=== and a sentence, then reboot.',
  },
  {
    id: 'BOOT-021',
    suite: 'boot',
    title: 'An image without podman is answered by an error',
    severity: 'error',
    why: 'A broken image must be told from a failing command.',
    source: `${source}: failure`,
    remedy: 'Look for podman before running anything; without it print ===ERROR=== and a sentence, then reboot.',
  },
  {
    id: 'BOOT-022',
    suite: 'boot',
    title: 'podman_output=tar returns /tmp/output.tar byte for byte',
    severity: 'error',
    why: 'This is how podman save leaves the machine; one changed byte breaks the archive’s digests.',
    source: `${source}: tar`,
    remedy:
      'Print the base64 of /tmp/output.tar between ===TAR_START=== and ===TAR_END===, without kernel messages in between.',
  },
  {
    id: 'BOOT-023',
    suite: 'boot',
    title: 'The exit code comes back beside an archive too',
    severity: 'error',
    why: 'An archive that a failing command left half-made looks like any other.',
    source: `${source}: tar and storage, exit code`,
    remedy: 'Print ===EXIT_CODE=N=== after ===TAR_END===, with the code of the command, not of the packing.',
  },
  {
    id: 'INT-001',
    suite: 'boot',
    title: 'podman_interactive=1 runs the command on the console itself',
    severity: 'error',
    why: 'podman run -it needs a terminal, and the user must see what it asks before answering.',
    source: 'boot contract, "Kernel parameters": interactive',
    remedy:
      'With podman_interactive=1, run the command with the console as stdin, stdout and stderr instead of capturing it.',
  },
  {
    id: 'INT-002',
    suite: 'boot',
    title: 'podman_interactive=1 passes on what is typed',
    severity: 'error',
    why: 'A terminal that only prints is of no use to a shell.',
    source: 'boot contract, "Kernel parameters": interactive',
    remedy: 'Leave stdin on the console: do not redirect it from /dev/null in interactive mode.',
  },
  {
    id: 'INT-003',
    suite: 'boot',
    title: 'podman_interactive=1 boots without a word',
    severity: 'warning',
    why: 'What init prints stands in the user’s terminal before the first prompt.',
    source: 'boot contract, "Kernel parameters": interactive, quiet boot',
    remedy: 'With podman_interactive=1, let neither the initramfs nor init print what is no error.',
  },
]
