import { otherPlatform, type RuntimeMutant, wrapCommand, wrapProgram } from '../runtime/runtime-mutant.ts'

/** Rebuilds the arguments of a command without those that a pattern of the shell matches; `--dns=*` is one of them. */
const without = (command: string, pattern: string): RuntimeMutant['tree'] =>
  wrapCommand(
    command,
    `for word; do
  shift
  case $word in
    ${pattern}) ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec "$genuine" ${command} "$@"`,
  )

/** Images whose podman or skopeo does otherwise than a session's runner asks. */
export const engineMutants: readonly RuntimeMutant[] = [
  {
    id: 'name-servers-dropped',
    happens: 'A wrapper leaves name servers to the machine.',
    tree: without('run', '--dns=*'),
    fails: ['DMN-020'],
    beside: ['DMN-024'],
  },
  {
    id: 'empty-words-dropped',
    happens: 'A wrapper hands on its words without quotes.',
    tree: without('run', "''"),
    fails: ['DMN-024'],
    beside: ['DMN-020'],
  },
  {
    id: 'ports-unpublished',
    happens: 'A wrapper takes ports for the business of the machine.',
    tree: without('run', '-p | [0-9]*:[0-9]*'),
    fails: ['LAN-008', 'LAN-009', 'LAN-010'],
    beside: ['DMN-020'],
  },
  {
    id: 'volumes-always-writable',
    happens: 'A wrapper puts options of its own behind each volume.',
    tree: wrapCommand(
      'run',
      `for word; do
  shift
  set -- "$@" "\${word%:ro}"
done
exec "$genuine" run "$@"`,
    ),
    fails: ['SHR-005'],
    beside: ['SHR-004'],
  },
  {
    id: 'skopeo-of-another-platform',
    happens: 'A default was set for one product, and stayed.',
    tree: (tree) => wrapProgram('/usr/bin/skopeo', `exec "$genuine" --override-arch ${otherPlatform(tree)} "$@"`)(tree),
    fails: ['INP-006'],
    beside: ['EXP-001'],
  },
]
