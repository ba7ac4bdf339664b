/**
 * What can fail around an image, by codes that stay as they are: programs branch on them, and docs/troubleshooting.md has a remedy
 * for each. A code may be added; none changes its meaning.
 */
export const faultCodes = {
  E_NO_QEMU: 'QEMU for the architecture is not installed or cannot be run',
  E_UNFIT_QEMU: 'QEMU is too old, or was built without a part that guests need',
  E_QEMU_START: 'QEMU refused to start the machine',
  E_QEMU_DIED: 'QEMU died while a guest ran',
  E_NO_KVM: 'KVM was requested but cannot run a guest here',
  E_BUSY: 'the host gave the guest too little processor time to judge it',
  E_NO_AGENT: 'the agent of the harness does not run in the guest',
  E_XEN_HOST: 'the Xen host for the suite xen does not start, or failed',
  E_NO_GUEST: 'the guest for a shell did not start',
  E_SNAPSHOT: 'a guest could not be frozen, forked or resumed',
  E_INEXACT: 'two boots of one image differ on the exact machine',
  E_NO_TOOL: 'a program of the system is missing or cannot be run',
  E_TOOL: 'a program of the system failed',
  E_NO_SANDBOX: 'QEMU cannot have all of the sandbox that was required',
  E_ENCLOSURE: 'this system cannot isolate tools that read untrusted data',
  E_PACKAGES: 'Debian packages could not be downloaded',
  E_BUILD: 'the boot kit or a reference image could not be built from its packages',
  E_BITBAKE: 'bitbake is missing, was ended from outside, or did not end in time',
  E_NO_PACKAGE: 'an optional npm package is not installed',
  E_NO_ENGINE: 'there is no container engine for testcontainers',
  E_REGISTRY: 'the registry did not start, answer or take the workload images',
  E_UNSAFE_FOLDER: 'a folder of the harness belongs to another user or may be written to by others',
  E_VANISHED: 'an image or a file beside it disappeared while it was being read',
  E_LOCKED: 'another run kept a cache entry locked',
  E_NO_SPACE: 'the disk of the host became full while a guest wrote',
  E_OUTPUT: 'a report or another output could not be written',
  E_MISSING_REPORT: 'a report that is to be merged is missing',
  E_FLAKY: 'a requirement that was to be bisected is not answered alike each time',
  E_BOUND: 'a bisection did not end within its bounds of time and trials',
  E_SUITES: 'the tests of the suites could not be run',
  E_INTERRUPTED: 'the run was interrupted, or had not ended when its report was written',
} as const

export type FaultCode = keyof typeof faultCodes
