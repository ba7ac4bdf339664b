import type { ArchitectureName } from '../model/architecture.ts'
import type { SuiteName } from '../model/requirement.ts'
import type { ReportFormat } from '../report/report-formats.ts'
import type { SandboxWish } from './sandbox-options.ts'

/** What a command line of verify.mjs asks for. All paths are absolute; values are checked, files are not yet opened. */
export type VerifyCall =
  | { action: 'help' | 'merge-help' }
  | { action: 'version' }
  | ListCall
  | { action: 'explain'; requirementId: string; profile: string; json: boolean }
  | { action: 'effective-config'; images: string[]; profile: string; json: boolean; architectures: ArchitectureName[] }
  | MergeCall
  | SelfTestCall
  | VerifyRun

interface ListCall {
  action: 'list'
  suites: SuiteName[]
  profile: string
  json: boolean
}

/** Prove that guests start, are kept, forked and resumed on this machine. */
export interface SelfTestCall {
  action: 'self-test'
  architectures: ArchitectureName[]
  accelerator: VerifyRun['accelerator']
  sandbox: SandboxWish
}

export interface MergeCall {
  action: 'merge'
  /** Folders that hold a report.json each. */
  folders: string[]
  /** How many reports there must be; unknown where left out. */
  expect?: number
  out: string
  json: boolean
  formats: ReportFormat[]
}

export interface VerifyRun {
  action: 'verify'
  /** Images or folders; none means the reference images. */
  images: string[]
  /** Images of other architectures are left out. */
  architectures: ArchitectureName[]
  /** Name of a shipped profile, or the absolute path of one; the nearest shipped one for each image where left out. */
  profile?: string
  suites: SuiteName[]
  waivers?: string
  /** A report.json of an earlier run, which no measurement may be slower than. */
  baseline?: string
  /** File to which this run's measurements are appended. */
  history?: string
  /** Run only this part of the guest suites; `merge` joins the reports of all parts. */
  shard?: { index: number; count: number }
  /** Private key that signs a statement on each image. */
  attest?: string
  /** Run only the representative slice of the guest suites. */
  quick: boolean
  /** What words, codes and numbers of the guest suites are drawn from; the same seed draws the same. */
  seed: number
  keepGoing: boolean
  /** End the run at the first failure that decides. */
  failFast: boolean
  /** Keep guests of failed tests: as snapshots, or also open a shell in one. */
  onFailure?: 'snapshot' | 'shell'
  kernel?: string
  initramfs?: string
  blobs?: string
  accelerator: 'auto' | 'kvm' | 'tcg'
  sandbox: SandboxWish
  /** Guests that may run at the same time. */
  jobs: number
  useCache: boolean
  /** Reuse what earlier runs found, in this folder or else in the cache; everything is asked where left out. */
  reuse?: { folder?: string }
  /** `process`, `testcontainers`, or the URL of a registry. */
  registry: string
  registryImage?: string
  /** Folder for the reports, made where it is missing. */
  out: string
  json: boolean
  /** Reports beside those that every run writes. */
  formats: ReportFormat[]
  quiet: boolean
  verbose: boolean
}

/** The suites that a run can be asked for, in the order in which they run. */
export const callableSuites = ['static', 'boot', 'podman', 'xen', 'performance'] as const satisfies readonly SuiteName[]

/** Those that run when none is asked for; measuring takes two further boots of each image, Xen a host and a minute for each domain. */
export const defaultSuites = ['static', 'boot', 'podman'] as const satisfies readonly SuiteName[]
