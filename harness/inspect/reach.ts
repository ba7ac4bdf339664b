import type { Profile } from '../profile/profile.ts'
import { hookPrograms } from './further-files/hooks.ts'
import type { InspectedImage } from './inspect-image.ts'
import { findProgram } from './lookup.ts'
import { oncePerImage } from './once-per-image.ts'
import { helperFolders } from './programs/helper-folders.ts'
import { librarySearchOf } from './programs/library-search.ts'
import type { ElfFile } from './programs/programs.ts'

/**
 * Programs that podman, conmon, netavark and skopeo start by themselves for root (podman(1) and its options; netavark
 * src/firewall; containers.conf(5), helper_binaries_dir).
 */
const startedByEngine = [
  ...['podman', 'skopeo', 'conmon', 'crun', 'netavark', 'aardvark-dns', 'catatonit', 'pasta', 'slirp4netns'],
  ...['iptables', 'ip6tables', 'nft', 'modprobe', 'mount', 'umount', 'tar', 'gpg'],
]

/** Files that podman, its helpers and the C library open without being told to (opened-files.ts, nsswitch.conf(5), ld.so(8)). */
const opened = [
  /^\/(etc|usr\/share|root\/\.config)\/containers\//,
  /^\/etc\/(cni\/net|docker\/certs)\.d\//,
  /^\/root\/\.docker\/config\.json$/,
  /^\/etc\/(passwd|group|shadow|hosts|host\.conf|resolv\.conf|nsswitch\.conf|sub[ug]id|ld\.so\.preload)$/,
]

/** The one reach of an image. */
export const reachOf = oncePerImage((image, profile: Profile) => new Reach(image, profile))

/**
 * What the image's purpose uses: init, the engine, and what either of them starts or reads. Whatever else is broken hurts only a
 * person who asks for it.
 */
class Reach {
  readonly #image: InspectedImage
  /** Names by which programs are started, and the folders in which they are looked for. */
  readonly #names: ReadonlySet<string>
  readonly #folders: readonly string[]
  /** Paths that init, configuration and hooks name. */
  readonly #named: ReadonlySet<string>
  /** Folders without which others have no place. */
  readonly #layout: readonly string[]
  /** Real paths of programs that are started. */
  readonly #started: ReadonlySet<string>
  #others: ReadonlySet<string> | undefined

  constructor(image: InspectedImage, profile: Profile) {
    const { files, init } = image
    const folders = [...init.searchPath, ...helperFolders(image)]
    this.#image = image
    this.#names = new Set([...startedByEngine, ...requiredNames(profile), ...commandNames(image)])
    this.#folders = folders.map((folder) => files.resolve(folder).path)
    this.#named = new Set([
      ...[profile.init.path, ...profile.init.alternatives],
      ...init.scripts.map(({ path }) => path),
      ...init.namedPaths(),
      ...configuredPaths(image),
      ...hookPrograms(image),
    ])
    this.#layout = [...folders, ...profile.folders.required, '/root']
    this.#started = this.#startedPrograms()
  }

  /** Whether something opens or starts what stands at a path, without a person who asks for it. */
  has(path: string): boolean {
    const end = path.lastIndexOf('/')
    const isCommand = this.#names.has(path.slice(end + 1)) && this.#folders.includes(path.slice(0, end))
    return (
      isCommand ||
      this.#named.has(path) ||
      this.#started.has(path) ||
      this.#layout.some((folder) => `${folder}/`.startsWith(`${path}/`)) ||
      opened.some((pattern) => pattern.test(path))
    )
  }

  #startedPrograms(): Set<string> {
    const { files, scripts } = this.#image
    const found = [...this.#names].flatMap((name) => findProgram(files, name, this.#folders) ?? [])
    const started = new Set([...found, ...this.#named].map((path) => files.resolve(path).path))
    for (const { path, firstLine } of scripts) {
      const [interpreter = ''] = firstLine.slice(2).trim().split(/\s+/)
      if (started.has(path)) started.add(files.resolve(interpreter).path)
    }
    return started
  }

  /**
   * Real paths of the programs that nothing starts, and of libraries that these alone need. A library that no program needs is
   * none of them: plug-ins are loaded by their place.
   */
  otherPrograms(): ReadonlySet<string> {
    if (this.#others) return this.#others
    const search = librarySearchOf(this.#image)
    const programs = [...this.#image.elfFiles.values()].filter(isProgram)
    const isUsed = ({ path }: { path: string }) => this.has(path)
    const used = search.reachedFrom(programs.filter(isUsed))
    const others = programs.filter((file) => !isUsed(file))
    const unused = [...search.reachedFrom(others).keys(), ...others.map(({ path }) => path)]
    this.#others = new Set(unused.filter((path) => !used.has(path)))
    return this.#others
  }
}

const isProgram = ({ entry, elf }: ElfFile): boolean => elf?.interpreter !== undefined || !/\.so(\.|$)/.test(entry.name)

const requiredNames = ({ programs }: Profile): string[] => [
  ...programs.required.flat(),
  ...programs.helpers,
  programs.firewall,
]

/** First words of init's commands, functions and built-in ones included. */
const commandNames = ({ init }: InspectedImage): string[] =>
  init.scripts.flatMap(({ shell }) =>
    (shell?.commands ?? []).flatMap(({ words: [first, second] }) =>
      first?.text === 'exec' ? (second?.text ?? []) : (first?.text ?? []),
    ),
  )

/** Values of podman's configuration that are paths, lists of them included. */
const configuredPaths = ({ configuration: { containers, storage, registries } }: InspectedImage): string[] =>
  [containers, storage, registries]
    .flatMap(({ values }) => [...values.values()].flatMap(({ value }) => (Array.isArray(value) ? value : [value])))
    .filter((value): value is string => typeof value === 'string' && value.startsWith('/'))
