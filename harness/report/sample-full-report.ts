import { vcontainerWords } from '../contract/engines.ts'
import { markers } from '../contract/markers.ts'
import type { Boot } from '../model/boot.ts'
import type { History, Pull, ShownConfiguration, ShownPackages } from './details-schema.ts'
import { sampleImage, sampleReport, sampleResult } from './sample-report.ts'
import type { ImageReport, Report } from './schema.ts'

const boot: Boot = {
  requirement: 'BOOT-001',
  endedBy: 'guest-reset',
  durationMs: 18_000,
  phases: [
    { name: 'firmware', durationMs: 3000 },
    { name: 'kernel', durationMs: 5500 },
    { name: 'init', durationMs: 7600 },
  ],
  console: [
    { atMs: 3100, text: '[    0.000000] Linux version 6.12.117' },
    { atMs: 8500, text: `${vcontainerWords.timing}: initramfs 5.50` },
    { atMs: 16_100, text: markers.outputStart },
  ],
  leftOutLines: 0,
}

const panic: Boot = {
  requirement: 'BOOT-003',
  endedBy: 'guest-panic',
  durationMs: 9000,
  phases: [{ name: 'kernel', durationMs: 6000 }],
  console: Array.from({ length: 130 }, (_, index) => ({
    atMs: index * 50,
    text: `[    1.${index}] line ${index}`,
  })).concat({
    atMs: 8900,
    text: '[    8.900000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00',
  }),
  leftOutLines: 40,
}

const pull: Pull = {
  reference: 'docker.io/library/alpine:latest',
  requirement: 'PUL-001',
  steps: [
    { side: 'registry', name: 'GET manifest', startMs: 300, durationMs: 31, status: 200, sizeBytes: 812 },
    { side: 'registry', name: 'GET blob', startMs: 500, durationMs: 1400, status: 200, sizeBytes: 3_210_000 },
    { side: 'guest', name: 'unpack', startMs: 900, durationMs: 2400 },
  ],
}

const history: History = {
  metric: 'boot_ready_ms',
  unit: 'ms',
  points: Array.from({ length: 40 }, (_, day) => ({
    at: new Date(Date.UTC(2026, 9, 1 + day)).toISOString(),
    value: 16_000 + 200 * Math.sin(day) + (day < 25 ? 0 : 3000),
  })),
  baseline: 16_000,
  changePoints: [25],
}

const configuration: ShownConfiguration = {
  podman: '5.4.2',
  files: [
    {
      kind: 'storage',
      read: ['/etc/containers/storage.conf'],
      ignored: [{ path: '/root/.config/containers/storage.conf', reason: 'podman runs as root' }],
      values: [{ key: 'storage.driver', value: '"vfs"', origin: '/etc/containers/storage.conf' }],
    },
  ],
  environment: [{ name: 'PATH', value: '/usr/bin:/bin', origin: '/init:12' }],
}

const packages: ShownPackages = {
  source: 'The dpkg database /var/lib/dpkg/status of the image.',
  listed: [{ name: 'crun', version: '1.21-1', license: 'GPL-2.0-or-later', url: 'pkg:deb/debian/crun@1.21-1' }],
  leftOut: 0,
}

const metrics: ImageReport['metrics'] = [
  { name: 'image_size_bytes', unit: 'bytes', tier: 0, samples: [58_000_000] },
  { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [16_100, 15_200, 17_900, 16_400] },
  { name: 'run_first_ms', unit: 'ms', tier: 2, samples: [3200] },
]

const requirements = ['BIN-001', 'FS-001', 'BOOT-001', 'BOOT-003', 'PUL-001'].map((id) =>
  sampleResult({
    id,
    suite: id.startsWith('BOOT') ? 'boot' : id.startsWith('PUL') ? 'podman' : 'static',
    title: `Title of ${id}`,
  }),
)

/** A report that conforms, with everything that a report can have, for tests. */
export const fullImage = (fields: Partial<ImageReport> = {}): ImageReport =>
  sampleImage({
    requirements,
    metrics,
    boots: [boot],
    pulls: [pull],
    history: [history],
    configuration,
    packages,
    ...fields,
  })

export const fullReport = (fields: Partial<Report> = {}): Report =>
  sampleReport({ startedAt: '2026-11-23T12:00:00.000Z', harnessVersion: '0.1.0', images: [fullImage()], ...fields })

/** Text that must never become markup, nor reach any other place than the eye. */
export const hostileText = `<script>globalThis.broken = 1</script><img src=x onerror="globalThis.broken = 2"> '"\`\u202egnp.exe\u0007 </style>`

/** An image that fails in several ways, and whose every name is hostile. */
export const hostileImage = (): ImageReport =>
  fullImage({
    file: `/images/${hostileText}`,
    profile: hostileText,
    boots: [panic, { ...boot, console: [{ atMs: 1, text: hostileText }], endedBy: hostileText }],
    pulls: [
      {
        ...pull,
        reference: hostileText,
        steps: pull.steps.map((step) => ({ ...step, name: hostileText, status: 503 })),
      },
    ],
    configuration: {
      files: [
        {
          kind: hostileText,
          read: [hostileText],
          ignored: [{ path: hostileText, reason: hostileText }],
          values: [{ key: hostileText, value: hostileText, origin: hostileText }],
        },
      ],
      environment: [{ name: hostileText, value: hostileText, origin: hostileText }],
    },
    packages: {
      source: hostileText,
      listed: [{ name: hostileText, version: hostileText, license: hostileText, url: hostileText }],
      leftOut: 3,
    },
    requirements: [
      sampleResult({
        status: 'fail',
        findings: [
          { path: '/usr/bin/crun', message: 'is missing', remedy: 'Add crun to IMAGE_INSTALL.' },
          { path: `/etc/${hostileText}`, message: hostileText, remedy: hostileText },
        ],
      }),
      sampleResult({
        id: 'FS-001',
        title: 'A name for a file',
        severity: 'warning',
        status: 'fail',
        findings: [{ message: 'is long' }],
      }),
      sampleResult({
        id: 'BOOT-003',
        suite: 'boot',
        status: 'fail',
        evidence: `${hostileText}\n[    8.900000] Kernel panic - not syncing: x`,
      }),
      sampleResult({ id: 'BOOT-001', suite: 'boot', status: 'skip', findings: [{ message: 'Not booted.' }] }),
      ...['DMN-001', 'DMN-002'].map((id) =>
        sampleResult({
          id,
          suite: 'boot',
          title: hostileText,
          status: 'blocked',
          blockedBy: 'BOOT-003',
          findings: [{ message: `Blocked by BOOT-003: ${hostileText}` }],
        }),
      ),
      sampleResult({
        id: 'CRT-001',
        suite: 'boot',
        status: 'not-applicable',
        findings: [{ message: `The era lacks it, and so does ${hostileText}.` }],
      }),
      sampleResult({ id: 'PUL-001', suite: 'podman', status: 'waived', findings: [{ message: 'Waived.' }] }),
    ],
  })
