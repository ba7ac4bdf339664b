import { type RuntimeMutant, wrapCommand } from '../runtime/runtime-mutant.ts'

const early = '  stamp init\n'

/** Puts lines in front of what init does. */
const inFrontOfInit =
  (lines: string): RuntimeMutant['tree'] =>
  (tree) =>
    tree.replace('/init', early, `${lines}\n${early}`)

/** Images that are slower than the reference image, or do not do what is measured. */
export const performanceMutants: readonly RuntimeMutant[] = [
  {
    id: 'init-that-counts',
    happens: 'A loop that gives slow hardware its time stayed in init, and costs as much as the boot itself.',
    tree: inFrontOfInit('turn=0\nwhile [ "$turn" -lt 300000 ]; do turn=$((turn + 1)); done'),
    fails: ['PRF-002', 'PRF-003'],
    beside: ['PRF-001'],
  },
  {
    id: 'init-that-waits',
    happens: 'Init gives the network two seconds, in every boot and without need.',
    tree: inFrontOfInit('sleep 2'),
    fails: ['PRF-003'],
    beside: ['PRF-001', 'PRF-002'],
  },
  {
    id: 'load-left-out',
    happens: 'A stand-in for podman takes images from registries only.',
    tree: wrapCommand('load', 'echo "Error: unrecognized command podman load" >&2\nexit 125'),
    fails: ['PRF-001'],
    beside: [],
  },
]
