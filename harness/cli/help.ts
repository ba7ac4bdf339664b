import { mergeOptions } from './parse-merge-call.ts'
import type { Option } from './read-options.ts'
import { verifyOptions } from './verify-options.ts'

/** Exit codes of every command of the harness, for the help texts. */
const exitCodes = `Exit codes  0 conforms · 1 does not conform
            2 usage error or unreadable input · 3 harness or environment fault
`

export const verifyHelp = (): string => `Usage: npx zx harness/verify.mjs [IMAGE|FOLDER...] [options]
       npx zx harness/verify.mjs merge DIR... [--expect N] [--out DIR] [--json]

Inspects each squashfs image, boots it under QEMU, pulls and runs containers in
it, and says whether it conforms. Without IMAGE: builds and verifies our own.

${optionsText(verifyOptions)}
Profiles    vpdmn (era seed), vpdmn-wrynose, vpdmn-2026 (era master),
            vdkr (era master), or yours
Example     npx zx harness/verify.mjs build/deploy/images --arch aarch64
${exitCodes}`

export const mergeHelp = (): string => `Usage: npx zx harness/verify.mjs merge DIR... [options]

Makes one report of those in the folders, with the verdict that one run would
have had: of shards of one run, of architectures, of several images. A shard
that is missing, or a requirement that none of them answered, is a fault.

${optionsText(mergeOptions)}
Examples    npx zx harness/verify.mjs merge reports/* --expect 4 --format tap
${exitCodes}`

/** The options under their headings, one line each, in columns. */
export function optionsText(options: readonly Option[]): string {
  const columnWidth = Math.max(...options.map((option) => usage(option).length)) + 4
  const groups = Map.groupBy(options, ({ group }) => group)
  const lines = (group: readonly Option[]) =>
    group.map((option) => `  ${usage(option).padEnd(columnWidth - 2)}${option.text}`)
  return [...groups].map(([title, group]) => `${[title, ...lines(group)].join('\n')}\n`).join('')
}

const usage = ({ name, value }: Option): string => (value ? `--${name} ${value}` : `--${name}`)
