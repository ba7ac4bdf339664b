import type { FileTree } from '../../../harness/inspect/file-tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { listedModules, moduleFolders } from '../../../harness/inspect/kernel/kernel-module.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, examined, finding, joinExaminations, type StaticCheck, skipped } from '../check.ts'

type Variant = 'nf_tables' | 'legacy'

/** The commands that netavark and CNI call; who keeps rules by iptables-save chooses its variant himself. */
const commands = ['iptables', 'ip6tables']

/** Modules without which a variant has no table (iptables, iptables-nft(8); Linux, net/ipv4/netfilter/Kconfig). */
const modulesOf: Record<Variant, readonly string[]> = {
  nf_tables: ['nf_tables', 'nft_compat', 'nft_chain_nat'],
  legacy: ['ip_tables', 'iptable_nat', 'iptable_filter'],
}

const maxProgramBytes = 4 * 1024 * 1024

/** `iptables --version` ends with the variant in brackets; the file's name tells it, or that text in it. */
function variantOf(files: FileTree, path: string): Variant | undefined {
  const entry = files.findFile(path)
  if (entry === undefined) return undefined
  if (/nft/.test(entry.name)) return 'nf_tables'
  if (/legacy/.test(entry.name)) return 'legacy'
  const content = files.readIfWhole(entry, 0, maxProgramBytes)
  if (content?.includes('nf_tables', 0, 'latin1')) return 'nf_tables'
  return content?.includes('\0legacy\0', 0, 'latin1') ? 'legacy' : undefined
}

interface Command {
  path: string
  variant: Variant
}

const variantsIn = ({ files, init }: InspectedImage): Command[] =>
  commands.flatMap((name) => {
    const path = findProgram(files, name, init.searchPath)
    const variant = path && variantOf(files, path)
    return path && variant ? [{ path, variant }] : []
  })

function mixedFindings([first, ...others]: readonly Command[]): Finding[] {
  return others
    .filter(({ variant }) => variant !== first?.variant)
    .map(({ path, variant }) =>
      finding(path, `It is of the variant ${variant}, and ${first?.path} is ${first?.variant}.`),
    )
}

/** Names of the modules of each kernel in the image, those that are built in too; none where no kernel has a list of both. */
function kernels({ files }: InspectedImage): { folder: string; modules: ReadonlySet<string> }[] {
  const folder = moduleFolders.find((each) => files.isFolder(each)) ?? '/lib/modules'
  return files.list(folder).flatMap(({ name }) => {
    const lists = ['modules.dep', 'modules.builtin'].map((list) => files.text(`${folder}/${name}/${list}`))
    if (lists.includes(undefined)) return []
    return [{ folder: `${folder}/${name}`, modules: listedModules(lists.join('\n')) }]
  })
}

function examineKernels(image: InspectedImage, { path, variant }: Command): Examination {
  const found = kernels(image)
  if (found.length === 0)
    return skipped('The image brings no kernel modules: which kernel it meets is seen in a guest.')
  const findings = found.flatMap(({ folder, modules }) => {
    const missing = modulesOf[variant].filter((name) => !modules.has(name))
    return missing.length === 0
      ? []
      : [finding(path, `It is of the variant ${variant}, and ${folder} lacks ${missing.join(', ')}.`)]
  })
  return { examinedCount: found.length, findings }
}

function examineVariant(image: InspectedImage): Examination {
  const found = variantsIn(image)
  const [first] = found
  if (first === undefined) return skipped('No iptables that tells its variant is in the image.')
  return joinExaminations(examined(...mixedFindings(found)), examineKernels(image, first))
}

export const firewallVariantChecks: readonly StaticCheck[] = [
  {
    id: 'NET-005',
    title: 'iptables and ip6tables are of one variant, which the kernel of the image has',
    severity: 'error',
    why: 'Rules of one variant are not seen by the other, and a variant without its tables makes each network fail.',
    source: 'xtables-nft(8), "Differences to legacy"; containers/qm issue 267',
    remedy:
      'Let all alternatives lead to xtables-nft-multi or all to xtables-legacy-multi, and enable its tables in the kernel.',
    examine: examineVariant,
  },
]
