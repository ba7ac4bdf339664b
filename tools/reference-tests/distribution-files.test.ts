import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TinyEdit, tinyImage } from '../../fixtures/static/tiny-image.ts'
import {
  file,
  podmanProgram,
  program,
  replaceIn,
  type TinyEntry,
  type TinyTree,
} from '../../fixtures/static/tiny-tree.ts'
import { loadProfile, type Profile } from '../../harness/profile/profile.ts'
import { distributionFiles, uncommented } from './distribution-files.ts'
import { judgeByProfile, objections } from './judge-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'distribution-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

let imageCount = 0
const judged = async (edit: TinyEdit, profile: Profile) =>
  objections(await judgeByProfile(await tinyImage(join(folder, `${imageCount++}.squashfs`), edit), profile))

interface Release {
  release: string
  podman: string
  /** Undefined for the version that the tiny tree has. */
  netavark?: string
}

/** The podman and netavark that each release ships. */
const releases: readonly Release[] = [
  { release: 'bookworm', podman: '4.3.1', netavark: '1.4.0' },
  { release: 'trixie', podman: '5.4.2' },
  { release: 'sid', podman: '5.8.2', netavark: '1.17.2' },
]

const mainFiles = ['containers.conf', 'storage.conf', 'registries.conf', 'policy.json']
const vendorConf = '/usr/share/containers/containers.conf'

/** A profile that has no opinion of what a distribution may choose as it likes. */
async function indifferent(): Promise<Profile> {
  const profile = await loadProfile('vpdmn')
  profile.configuration.storage = {}
  profile.configuration.containers = {}
  profile.registries = { search: [], aliases: {} }
  return profile
}

/** Keys whose value in the commented file is an example, or the choice of a machine with systemd, and what is said of each. */
const notDefaults = [
  /engine\.cgroup_manager is systemd/,
  /engine\.events_logger is journald/,
  // The recipe has no init for containers.
  /containers\.init_path names \/usr\/libexec\/podman\/catatonit/,
  // The documentation's own slips: a list where podman wants a text, a text where it wants true or false.
  /engine\.platform_to_oci_runtime\..* must be a string/,
  /engine\.multi_image_archive must be true or false/,
  /service_destinations is not a key/,
]

describe.each(releases)('files of Debian $release', ({ release, podman, netavark }) => {
  let shipped: Map<string, TinyEntry>
  beforeAll(async () => {
    shipped = await distributionFiles(release)
  })

  const withPrograms = (tree: TinyTree) => {
    tree.set('/usr/bin/podman', program(podmanProgram(podman)))
    if (netavark) replaceIn(tree, '/var/lib/dpkg/status', /Version: 1\.14\.0/g, `Version: ${netavark}`)
  }
  const withShipped = (tree: TinyTree, isWanted: (path: string) => boolean = () => true) => {
    withPrograms(tree)
    for (const [path, entry] of shipped) if (isWanted(path)) tree.set(path, entry)
  }

  test('are those that matter', () => {
    expect([...shipped.keys()]).toEqual(
      expect.arrayContaining([
        '/etc/nsswitch.conf',
        '/etc/containers/registries.conf.d/shortnames.conf',
        vendorConf,
        '/usr/share/containers/storage.conf',
      ]),
    )
  })

  test("are accepted below the recipe's own", async () => {
    const isRecipes = (path: string) => mainFiles.some((name) => path === `/etc/containers/${name}`)
    const profile = await loadProfile('vpdmn')
    expect(await judged((tree) => withShipped(tree, (path) => !isRecipes(path)), profile)).toEqual([])
  })

  test("are accepted in the place of the recipe's own", async () => {
    const edit = (tree: TinyTree) => {
      for (const name of mainFiles) tree.delete(`/etc/containers/${name}`)
      withShipped(tree)
    }
    expect(await judged(edit, await indifferent())).toEqual([])
  })

  test('are accepted with every key set to the default that they show', async () => {
    const text = (shipped.get(vendorConf) as { content: Buffer }).content.toString()
    const edit = (tree: TinyTree) => {
      withShipped(tree)
      tree.set('/etc/containers/containers.conf', file(uncommented(text)))
    }
    const found = await judged(edit, await indifferent())
    expect(found.filter((line) => !notDefaults.some((known) => known.test(line)))).toEqual([])
  })
})
