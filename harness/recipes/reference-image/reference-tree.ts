import { existsSync } from 'node:fs'
import { chmod, cp, glob, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { busyboxApplets } from './busybox-applets.ts'
import { installCertificates } from './certificates.ts'
import { imageScripts } from './image-scripts.ts'
import { folders, prunedPaths, type RecipeName, recipes } from './recipe.ts'
import { removeUnusable } from './remove-unusable.ts'

/**
 * Makes a bootable tree of unpacked packages: what their installation scripts, which are never run, would have made,
 * and what the recipe adds. Each step needs those before it.
 * @param dateSeconds of the image, since 1970.
 */
export async function finishTree(tree: string, recipe: RecipeName, dateSeconds: number): Promise<void> {
  const { files, links, folders: ownFolders } = recipes[recipe]
  await mergeUsr(tree)
  await prune(tree)
  await makeFolders(tree, { ...folders, ...ownFolders })
  await linkBusybox(tree)
  await writeUsers(tree)
  await installCertificates(tree, dateSeconds)
  for (const [path, contents] of Object.entries(files)) await writeFileAt(tree, path, contents)
  for (const [path, target] of Object.entries(links)) await linkAt(tree, path, target)
  for (const [name, text] of Object.entries(await imageScripts(recipe))) {
    await writeFileAt(tree, name, text)
    await chmod(join(tree, name), 0o755)
  }
  await removeUnusable(tree)
  await dropSetIdBits(tree)
}

/** Debian 12's packages still unpack into /bin, /lib and /sbin; Debian 13's bring no links there (DEP 17). */
async function mergeUsr(tree: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const top = join(tree, name)
    const merged = join(tree, 'usr', name)
    const kind = await lstat(top).catch(() => undefined)
    if (kind?.isDirectory()) {
      await cp(top, merged, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
      await rm(top, { recursive: true })
    }
    if (!kind?.isSymbolicLink() && existsSync(merged)) await symlink(`usr/${name}`, top)
  }
}

async function prune(tree: string): Promise<void> {
  for (const pattern of prunedPaths)
    for await (const path of glob(pattern, { cwd: tree })) await rm(join(tree, path), { recursive: true, force: true })
}

async function makeFolders(tree: string, wanted: Readonly<Record<string, number>>): Promise<void> {
  for (const [path, mode] of Object.entries(wanted)) {
    await mkdir(join(tree, path), { recursive: true })
    await chmod(join(tree, path), mode)
  }
}

/** Applets fill the gaps that util-linux and the others leave; `init` and `modprobe` are called by their full path. */
async function linkBusybox(tree: string): Promise<void> {
  const systemApplets = new Set(['init', 'modprobe'])
  for (const applet of busyboxApplets(await readFile(join(tree, 'usr/bin/busybox')))) {
    const isThere = ['bin', 'sbin'].some((folder) => existsSync(join(tree, 'usr', folder, applet)))
    if (isThere) continue
    if (systemApplets.has(applet)) await symlink('../bin/busybox', join(tree, 'usr/sbin', applet))
    else await symlink('busybox', join(tree, 'usr/bin', applet))
  }
}

/** base-passwd's users whose homes are in this image, and nobody, with shells that are. */
async function writeUsers(tree: string): Promise<void> {
  const masters = join(tree, 'usr/share/base-passwd')
  const users = (await readFile(join(masters, 'passwd.master'), 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name = '', , , , , home = '']) => name === 'nobody' || (name !== '' && existsSync(join(tree, home))))
  const lines = users.map((fields) =>
    [...fields.slice(0, 6), fields[0] === 'root' ? '/bin/sh' : '/bin/false'].join(':'),
  )
  await writeFile(join(tree, 'etc/passwd'), lines.map((line) => `${line}\n`).join(''))
  await cp(join(masters, 'group.master'), join(tree, 'etc/group'))
  await rm(masters, { recursive: true })
}

async function writeFileAt(tree: string, path: string, contents: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), contents)
  await chmod(join(tree, path), 0o644)
}

async function linkAt(tree: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await rm(join(tree, path), { force: true })
  await symlink(target, join(tree, path))
}

/** All is root's in this image: a set-id bit would only widen what a container's escape could use. */
async function dropSetIdBits(tree: string): Promise<void> {
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await lstat(path)
    if (mode & 0o6000) await chmod(path, mode & 0o1777)
  }
}
