import type { InspectedImage } from '../../harness/inspect/inspect-image.ts'
import type { DynamicSection, Elf } from '../../harness/inspect/programs/elf.ts'
import { libraryFolders } from '../../harness/inspect/programs/library-folders.ts'
import type { LibrarySearch } from '../../harness/inspect/programs/library-search.ts'
import type { ElfFile } from '../../harness/inspect/programs/programs.ts'
import type { EngineName } from '../../harness/model/engine.ts'
import { type Examination, examineEach, finding } from './check.ts'

/** The names that releases of iptables give the file of an extension: since 1.8.8 `mark` and `MARK`, and the NAT targets, share one. */
const extensions: readonly { name: string; files: readonly string[] }[] = [
  { name: 'comment', files: ['libxt_comment.so'] },
  { name: 'conntrack', files: ['libxt_conntrack.so'] },
  { name: 'addrtype', files: ['libxt_addrtype.so'] },
  { name: 'mark', files: ['libxt_mark.so'] },
  { name: 'MARK', files: ['libxt_MARK.so', 'libxt_mark.so'] },
  { name: 'MASQUERADE', files: ['libxt_MASQUERADE.so', 'libipt_MASQUERADE.so', 'libxt_NAT.so'] },
  { name: 'DNAT', files: ['libxt_DNAT.so', 'libipt_DNAT.so', 'libxt_NAT.so'] },
  { name: 'tcp', files: ['libxt_tcp.so', 'libxt_tcpudp.so'] },
  { name: 'udp', files: ['libxt_udp.so', 'libxt_tcpudp.so'] },
]

/** The extensions that rules of containers' networks use. */
const usedBy: Readonly<Record<EngineName, readonly string[]>> = {
  // netavark, src/firewall/varktables/types.rs.
  podman: ['comment', 'conntrack', 'addrtype', 'mark', 'MARK', 'MASQUERADE', 'DNAT', 'tcp', 'udp'],
  // moby, libnetwork/drivers/bridge/setup_ip_tables_linux.go and libnetwork/iptables/iptables.go.
  docker: ['conntrack', 'addrtype', 'MASQUERADE', 'DNAT', 'tcp', 'udp'],
}

const folderText = /(?:\/[\w.+-]+)+\/xtables(?=\0)/
const maxLibraryBytes = 1024 * 1024

/** Looks for the extensions in the folder that iptables' library was built with, and for the libraries they need. */
export function xtablesFindings(
  image: InspectedImage,
  iptables: ElfFile & { elf: Elf & { dynamic: DynamicSection } },
  search: LibrarySearch,
  engine: EngineName,
): Examination {
  const used = extensions.filter(({ name }) => usedBy[engine].includes(name))
  const folder = extensionFolder(image, iptables, search)
  return examineEach(used, 'Nothing.', ({ name, files }) => {
    const path = files.map((file) => `${folder}/${file}`).find((candidate) => image.files.findFile(candidate))
    if (path === undefined)
      return finding(`${folder}/${files[0]}`, `The iptables extension ${name} is missing from ${folder}.`)
    const plugin = image.elfFiles.get(image.files.resolve(path).path)
    const dynamic = plugin?.elf?.dynamic
    if (plugin === undefined || dynamic === undefined)
      return finding(path, `The iptables extension ${name} is not a library.`)
    const missing = search.neededBy(plugin.path, dynamic).filter(({ library }) => library === undefined)
    return missing.map((library) =>
      finding(path, `The iptables extension ${name} needs ${library.name}, which is not found.`),
    )
  })
}

/** `XTABLES_LIBDIR`, as compiled into libxtables (iptables, libxtables/xtables.c). */
function extensionFolder(
  image: InspectedImage,
  iptables: ElfFile & { elf: Elf & { dynamic: DynamicSection } },
  search: LibrarySearch,
): string {
  const variable = image.init.environment.get('XTABLES_LIBDIR')?.value
  if (variable) return variable
  const library = search
    .neededBy(iptables.path, iptables.elf.dynamic)
    .find(({ name }) => name.startsWith('libxtables.so'))?.library
  const text = library && image.files.read(library.entry, 0, maxLibraryBytes).toString('latin1')
  const usual = libraryFolders(image).map((folder) => `${folder}/xtables`)
  return folderText.exec(text ?? '')?.[0] ?? usual.find((folder) => image.files.isFolder(folder)) ?? '/usr/lib/xtables'
}
