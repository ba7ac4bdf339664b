/** Something that the podman suite's guests have from the harness and that no runner gives a guest. */
export interface Preparation {
  what: string
  why: string
  /** Requirements that are judged in a guest without it. */
  without: readonly string[]
}

/** All that is done to a guest of the podman suite before a requirement uses it, in that order. */
export const preparations: readonly Preparation[] = [
  {
    what: 'An agent is started by an archive behind the initramfs, and commands are given to it',
    why: 'The image’s own channel takes one command after the other and mixes their streams.',
    without: ['BOOT-001', 'DMN-002', 'DMN-020'],
  },
  {
    what: 'Lines in /etc/hosts lead the names of public registries to the registry of the run',
    why: 'The guest’s network is closed to all else.',
    without: ['PUL-016'],
  },
  {
    what: 'The registry’s authority is put into the bundle of trusted certificates',
    why: 'Images of some eras take no authority from the runner.',
    without: ['CRT-001'],
  },
  {
    what: 'Shares are unmounted',
    why: 'QEMU keeps no state of a guest that has a share mounted.',
    without: ['SHR-004', 'DMN-011'],
  },
  {
    what: 'The guest is stopped, and each requirement goes on from there in a copy of its own',
    why: 'A boot takes 12 to 25 s under emulation, a copy half a second.',
    without: ['DMN-020', 'LAN-008'],
  },
  {
    what: 'The copy gets the time of the host, a host name, a machine id and randomness of its own',
    why: 'Two copies would draw the same identifiers and keys.',
    without: ['DMN-020', 'LAN-010'],
  },
  {
    what: 'One small image is pulled',
    why: 'Requirements that only run containers need no pull each.',
    without: ['PUL-001', 'PUL-016'],
  },
]
