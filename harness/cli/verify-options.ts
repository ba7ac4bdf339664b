import { architectureNames } from '../model/architecture.ts'
import type { Option } from './read-options.ts'
import { sandboxOptions } from './sandbox-options.ts'

const what = 'What to verify'
const boot = 'How to boot it'
const registry = 'Where its containers come from'
const report = 'What to report'
const instead = 'Instead of verifying'

/** What a guest is booted by, wherever one is. */
export const machineOptions = [
  { name: 'kernel', value: 'FILE', group: boot, text: 'your bzImage or arm64 Image, not ours' },
  { name: 'initramfs', value: 'FILE', group: boot, text: 'your initramfs, not ours' },
  { name: 'blobs', value: 'DIR', group: boot, text: 'DIR/ARCH/{bzImage|Image,initramfs.cpio.gz}' },
  { name: 'accel', value: 'NAME', group: boot, text: 'auto, kvm or tcg (default: auto)' },
  ...sandboxOptions(boot),
] as const satisfies readonly Option[]

/** The options of verify.mjs, in the order of its help text. */
export const verifyOptions = [
  {
    name: 'arch',
    value: 'LIST',
    group: what,
    text: `${architectureNames.join(', ')} (default: both)`,
    repeatable: true,
  },
  { name: 'profile', value: 'NAME|FILE', group: what, text: 'what the image must be (default: the nearest)' },
  {
    name: 'suite',
    value: 'LIST',
    group: what,
    text: 'static, boot, podman (default: these), xen, performance',
    repeatable: true,
  },
  { name: 'waivers', value: 'FILE', group: what, text: 'accepted failures, with reason and expiry' },
  { name: 'baseline', value: 'FILE', group: what, text: 'an earlier report.json; nothing may be slower' },
  { name: 'shard', value: 'I/N', group: what, text: 'part I of N of the guest suites, or auto; see merge' },
  { name: 'quick', group: what, text: 'a representative slice of the guest suites' },
  { name: 'seed', value: 'N', group: what, text: 'words and numbers of guests’ tests (default: new ones)' },
  { name: 'keep-going', group: what, text: 'boot even after a static blocker' },
  { name: 'fail-fast', group: what, text: 'end at the first error; the rest is not run' },
  { name: 'on-failure', value: 'WAY', group: what, text: 'keep guests of failed podman tests: snapshot, shell' },
  ...machineOptions,
  { name: 'jobs', value: 'N', group: boot, text: 'guests in parallel, at most (default: one per core)' },
  { name: 'no-cache', group: boot, text: 'ignore the cache: build and boot everything again' },
  { name: 'fresh', group: boot, text: 'ask all again, whatever earlier runs found' },
  { name: 'reuse', value: 'DIR', group: boot, text: 'share results by a folder (default: the cache)' },
  { name: 'registry', value: 'WAY', group: registry, text: 'process, testcontainers or a URL' },
  { name: 'registry-image', value: 'REF', group: registry, text: 'registry image for testcontainers' },
  { name: 'out', value: 'DIR', group: report, text: 'folder of reports and SBOMs (default: reports/out/…)' },
  {
    name: 'format',
    value: 'LIST',
    group: report,
    text: 'further reports: sarif, markdown, … or all',
    repeatable: true,
  },
  { name: 'history', value: 'FILE', group: report, text: 'append what was measured; show its trend' },
  { name: 'attest', value: 'KEY', group: report, text: 'signed statements; KEY is private, PEM or of ssh' },
  { name: 'json', group: report, text: 'report.json on stdout, nothing else there' },
  { name: 'quiet', group: report, text: 'no progress' },
  { name: 'verbose', group: report, text: 'more progress; details of internal errors' },
  { name: 'list', group: instead, text: 'list all requirements (also with --json)' },
  { name: 'explain', value: 'ID', group: instead, text: 'why a requirement matters and what to do' },
  { name: 'effective-config', group: instead, text: 'what podman in IMAGE sees, value by value' },
  { name: 'self-test', group: instead, text: 'prove that guests run here, by KVM or else TCG' },
  { name: 'help', group: instead, text: 'this text' },
  { name: 'version', group: instead, text: 'version of the harness' },
] as const satisfies readonly Option[]

export type VerifyOption = (typeof verifyOptions)[number]['name']
