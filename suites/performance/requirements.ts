import type { Requirement } from '../../harness/model/requirement.ts'

const exactMachine =
  'qemu(1), "-icount": with one processor and no device that the host acts on, the guest’s clock is a count of instructions'

/** What is asked of the exact measurement; it is answered by a stage of its own, not by tests in guests. */
export const performanceRequirements = [
  {
    id: 'PRF-001',
    suite: 'performance',
    title: 'Boot, version, load, pull and run succeed on the exact machine',
    severity: 'error',
    why: 'A measurement is worth something only where everything that was measured was also done.',
    source: 'The image’s boot contract (one command, text answer); podman(1)',
    remedy: 'See what the step printed; the boot and podman suites test each of these by itself.',
    quick: true,
  },
  {
    id: 'PRF-002',
    suite: 'performance',
    title: 'The boot keeps its budget of instructions',
    severity: 'error',
    why: 'Each tool that is built on the image waits for its boot, every time it is used.',
    source: `The profile (performance.bootInstructions); ${exactMachine}`,
    remedy: 'See which phase of exact_boot_* is long; or raise the limit in the profile.',
    quick: true,
  },
  {
    id: 'PRF-003',
    suite: 'performance',
    title: 'Nothing is slower or larger than the baseline allows',
    severity: 'error',
    why: 'A slowdown is cheapest to find in the change that brought it.',
    source: `The baseline given, and the profile (performance.limits, failPercent); ${exactMachine}`,
    remedy:
      'compare.mjs tells which files differ between the two images; if the change is wanted, take this run’s report.json as the new baseline.',
    quick: true,
  },
  {
    id: 'PRF-004',
    suite: 'performance',
    title: 'Nothing has drifted from the baseline',
    severity: 'info',
    why: 'Many small changes are one large one, and an improvement that nobody planned may be a step left out.',
    source: `The baseline given, and the profile (performance.limits, reportPercent); ${exactMachine}`,
    remedy: 'No action is needed for one small change; see that they do not add up.',
    quick: true,
  },
] as const satisfies readonly Requirement[]
