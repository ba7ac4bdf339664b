import type { FileTree } from '../../../harness/inspect/file-tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram, findUnusable, unusableReason } from '../../../harness/inspect/lookup.ts'
import { helperFolders } from '../../../harness/inspect/programs/helper-folders.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck, skipped } from '../check.ts'

const examinePrograms = (image: InspectedImage, profile: Profile): Examination =>
  joinExaminations(examineRequired(image, profile), examineHelpers(image, profile))

const examineRequired = ({ files, init }: InspectedImage, profile: Profile): Examination =>
  examineEach(profile.programs.required, 'The profile requires no programs.', (alternatives) => {
    const found = alternatives.map((name) => findProgram(files, name, init.searchPath)).find((path) => path)
    if (found) return emptyFinding(files, found)
    const name = alternatives.join(' or ')
    const unusable = alternatives.map((each) => findUnusable(files, each, init.searchPath)).find((path) => path)
    if (unusable) return finding(unusable, `${name} cannot be run: ${unusableReason(files, unusable)}.`)
    return finding(`/usr/bin/${alternatives[0]}`, `${name} is not on init's search path ${init.searchPath.join(':')}.`)
  })

const examineHelpers = (image: InspectedImage, profile: Profile): Examination =>
  examineEach(profile.programs.helpers, 'The profile requires no helpers.', (name) => {
    const folders = helperFolders(image)
    const found = folders.map((folder) => `${folder}/${name}`).find((path) => image.files.isExecutable(path))
    if (found) return emptyFinding(image.files, found)
    const unusable = findUnusable(image.files, name, folders)
    if (unusable) return finding(unusable, `${name} cannot be run: ${unusableReason(image.files, unusable)}.`)
    return finding(`${folders[0] ?? ''}/${name}`, `${name} is in none of the helper folders ${folders.join(', ')}.`)
  })

/** An empty file starts nothing: execve(2) refuses it, and a shell takes it for a script that succeeds. */
const emptyFinding = (files: FileTree, path: string): Finding | undefined =>
  files.findFile(path)?.inode.sizeBytes === 0 ? finding(path, `${path} is empty.`) : undefined

const examineForbidden = (image: InspectedImage, { programs }: Profile): Examination =>
  examineEach(programs.forbidden, 'The profile leaves no programs out.', (name) => {
    const path = findProgram(image.files, name, [...image.init.searchPath, ...helperFolders(image)])
    return path === undefined ? undefined : finding(path, `${name} is there, which the recipe leaves out.`)
  })

function examinePackages({ packageDatabase }: InspectedImage, profile: Profile): Examination {
  if (packageDatabase === undefined) return skipped('The image has no package database.')
  const { path, problem } = packageDatabase
  if (problem !== undefined) return skipped(`The package database ${path} was not read: ${problem}.`)
  const installed = new Set(packageDatabase.packages.map(({ name }) => name))
  return examineEach(profile.packages.required, 'The profile requires no packages.', (names) =>
    names.some((name) => installed.has(name))
      ? undefined
      : finding(path, `The package ${names.join(' or ')} is not installed.`),
  )
}

export const programChecks: readonly StaticCheck[] = [
  {
    id: 'BIN-001',
    title: 'The required programs are present and executable',
    severity: 'blocker',
    why: 'Init and podman run these by name; a missing one ends in "not found" at boot or at the first container.',
    source: 'vpdmn-rootfs-image.bb, IMAGE_INSTALL; execvp(3); containers.conf(5), helper_binaries_dir',
    remedy: 'Install the package that has the program, with its execute bits, in a folder that is searched.',
    examine: examinePrograms,
  },
  {
    id: 'BIN-002',
    title: 'The packages of the recipe are installed',
    severity: 'warning',
    why: 'A program from elsewhere misses the updates and the companions that its package brings.',
    source: 'vpdmn-rootfs-image.bb, IMAGE_INSTALL',
    remedy: 'Add the package to IMAGE_INSTALL.',
    examine: examinePackages,
  },
  {
    id: 'BIN-005',
    title: 'No program is there that the recipe leaves out, such as another engine',
    severity: 'warning',
    why: 'Each engine has a store and rules of a firewall of its own: images that one pulled the other does not know, and what one forwards the other drops.',
    source: 'IMAGE_INSTALL of the layer’s recipes; dockerd(8), "--iptables", which sets the policy of FORWARD to DROP',
    remedy:
      'Take the package out of IMAGE_INSTALL, and see what brought it (bitbake -g); or name the profile of its engine.',
    examine: examineForbidden,
  },
]
