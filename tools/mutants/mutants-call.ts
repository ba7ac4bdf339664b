import { availableParallelism } from 'node:os'
import { readList, readNumber } from '../../harness/cli/option-values.ts'
import { type ArchitectureName, architectureNames } from '../../harness/model/architecture.ts'
import { flag, parseToolOptions, text } from '../tool-options.ts'

export const mutantsHelp = `Usage: npm run mutants [-- options]

Breaks the reference images in many ways and demands that the right requirements
fail, and no others; changes them harmlessly and demands that none does.

  --arch LIST   ${architectureNames.join(', ')} (default: both)
  --static      only variants that the static suite judges, without booting
  --boot        only variants that are booted, one after the other: hours
  --area LIST   only mutants that a requirement of these areas must see (FS,INI)
  --only LIST   only the variants of these names
  --jobs N      static variants, or guests of one variant of podman, side by
                side (default: one a core)
  --json        print mutants, equivalents and unkilled as JSON instead
  --quiet       no progress
  --help        this text

Exit codes  0 all mutants were seen, all harmless variants passed
            1 a mutant survived, or a requirement failed without cause
            2 usage error · 3 harness or environment fault
`

export interface MutantsCall {
  help: boolean
  architectures: ArchitectureName[]
  static: boolean
  boot: boolean
  /** Areas and names that were asked for; empty where all are. */
  areas: string[]
  only: string[]
  jobs: number
  json: boolean
  quiet: boolean
}

const maxJobs = 64

/** Reads the command line. Throws CallFault for what it does not know. */
export function parseMutantsCall(args: readonly string[]): MutantsCall {
  const values = parseToolOptions('mutants', args, {
    ...{ arch: text, area: text, only: text, jobs: text },
    ...{ static: flag, boot: flag, json: flag, quiet: flag },
  })
  const both = values.static === values.boot
  return {
    help: values.help,
    architectures: values.arch ? readList('arch', [values.arch], architectureNames) : [...architectureNames],
    static: both || values.static,
    boot: both || values.boot,
    areas: words(values.area).map((area) => area.toUpperCase()),
    only: words(values.only),
    jobs: values.jobs ? readNumber('jobs', values.jobs, 1, maxJobs) : availableParallelism(),
    json: values.json,
    quiet: values.quiet,
  }
}

const words = (list: string | undefined): string[] =>
  list === undefined ? [] : list.split(',').map((word) => word.trim())
