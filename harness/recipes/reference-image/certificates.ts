import { X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireTool } from '../../platform/process/run-tool.ts'

const rehashTimeoutMs = 60_000

/**
 * Does for a tree what update-ca-certificates does on a running system: the bundle, a link each, and hash links.
 * Certificates that had expired at the image's date, in seconds since 1970, are left out.
 */
export async function installCertificates(tree: string, dateSeconds: number): Promise<void> {
  const source = join(tree, 'usr/share/ca-certificates/mozilla')
  const store = join(tree, 'etc/ssl/certs')
  await mkdir(store, { recursive: true })
  const names = (await readdir(source)).filter((name) => name.endsWith('.crt')).sort()
  const certificates = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(source, name), 'utf8') })),
  )
  const valid = certificates.filter(({ text }) => new X509Certificate(text).validToDate.getTime() >= dateSeconds * 1000)
  for (const { name } of valid)
    await symlink(`../../../usr/share/ca-certificates/mozilla/${name}`, join(store, name.replace(/\.crt$/, '.pem')))
  await requireTool('openssl', ['rehash', store], { timeoutMs: rehashTimeoutMs })
  await writeFile(join(store, 'ca-certificates.crt'), valid.map(({ text }) => `${text.trimEnd()}\n`).join(''))
}
