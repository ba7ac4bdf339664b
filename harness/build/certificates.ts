import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireTool } from '../process/run-tool.ts'

const rehashTimeoutMs = 60_000

/** Does for a tree what update-ca-certificates does on a running system: the bundle, a link each, and hash links. */
export async function installCertificates(tree: string): Promise<void> {
  const source = join(tree, 'usr/share/ca-certificates/mozilla')
  const store = join(tree, 'etc/ssl/certs')
  await mkdir(store, { recursive: true })
  const names = (await readdir(source)).filter((name) => name.endsWith('.crt')).sort()
  for (const name of names)
    await symlink(`../../../usr/share/ca-certificates/mozilla/${name}`, join(store, name.replace(/\.crt$/, '.pem')))
  await requireTool('openssl', ['rehash', store], { timeoutMs: rehashTimeoutMs })
  const certificates = await Promise.all(names.map((name) => readFile(join(source, name), 'utf8')))
  await writeFile(join(store, 'ca-certificates.crt'), certificates.map((text) => `${text.trimEnd()}\n`).join(''))
}
