import { type FaultCode, faultCodes } from '../../harness/model/fault-codes.ts'
import { code, table } from './tables.ts'

const remedies: Record<FaultCode, string> = {
  E_NO_QEMU: 'install the emulator: `npm run setup`',
  E_UNFIT_QEMU: 'install QEMU 7.2 or newer with libslirp and virtfs, as Debian 12 and Ubuntu 24.04 have it',
  E_QEMU_START: 'read QEMU’s own reason behind the message; with `--verbose`, its cause',
  E_QEMU_DIED: 'memory, most often: use fewer `--jobs`',
  E_NO_KVM: 'use `--accel tcg`, or a machine with KVM',
  E_BUSY: 'run fewer things at the same time, or use fewer `--jobs`',
  E_NO_AGENT:
    'build the kernel options in that the message lists, or leave out `--kernel`, `--initramfs` and `--blobs`',
  E_XEN_HOST:
    'its console’s end is in the message; x86_64 alone has one, on a processor without SMAP. The other suites need none',
  E_NO_GUEST: '`--init-hang` opens the shell before the image’s init',
  E_SNAPSHOT: 'free memory and disk below the cache; `npx zx harness/cache.mjs clear`',
  E_INEXACT: 'report it: the exact machine is to be exact',
  E_NO_TOOL: 'install its package, or run `npm run setup` as root',
  E_TOOL: 'the tool’s own words are in the message',
  E_NO_SANDBOX: 'install bubblewrap and allow it user name spaces, or run as root outside a container: SECURITY.md',
  E_ENCLOSURE: 'allow user namespaces, or install util-linux',
  E_PACKAGES: 'look at the mirror’s answer in the message, and at proxy settings',
  E_BUILD: 'another Debian release may have changed its packages: `--release`',
  E_BITBAKE: 'source `oe-init-build-env` first; else its messages are above the sentence',
  E_NO_PACKAGE: '`npm install --include=optional`',
  E_NO_ENGINE: 'start Docker or podman’s socket, or leave out `--registry testcontainers`',
  E_REGISTRY: 'its log is named in the message',
  E_UNSAFE_FOLDER: 'give the folder to yourself alone, or set `TMPDIR` or `XDG_CACHE_HOME`',
  E_VANISHED: 'wait for the build to end, or build again',
  E_LOCKED: 'wait for the other run; if none lives, clear the cache',
  E_NO_SPACE: 'free some space: each guest may write 2 GiB to its disk and as much to its share',
  E_OUTPUT: 'free space, or choose another `--out`',
  E_MISSING_REPORT: 'run the job again, then merge again',
  E_FLAKY: 'look for what is random in the image’s answer; on a quieter machine, judge anew with `--fresh`',
  E_BOUND: 'make the same call again, with larger bounds: it goes on where it stopped',
  E_SUITES: '`npm run check` shows which test file does not load',
  E_INTERRUPTED: 'run again',
}

/** Each code of a fault, what it means, and what to do. */
export const faultTable = (): string =>
  table(
    ['code', 'what failed', 'what to do'],
    Object.entries(faultCodes).map(([name, what]) => [code(name), what, remedies[name as FaultCode]]),
  )
