import { CallFault } from '../model/faults.ts'

/** An image in a registry. */
export interface ImageReference {
  /** With the port, where there is one. */
  host: string
  repository: string
  /** A tag or a digest. */
  version: string
}

/** Host, path and version by the grammar of the OCI distribution specification; a host is always named. */
const pattern =
  /^(?<host>[\w.-]+(?::\d{1,5})?|\[[\da-fA-F:]+\](?::\d{1,5})?)\/(?<repository>[a-z\d]+(?:[._/-]+[a-z\d]+)*)(?::(?<tag>\w[\w.-]{0,127})|@(?<digest>sha256:[\da-f]{64}))?$/

/** Reads `HOST[:PORT]/NAME[:TAG|@DIGEST]`. Throws CallFault for anything else. */
export function parseImageReference(text: string): ImageReference {
  const { host, repository, tag, digest } = pattern.exec(text)?.groups ?? {}
  if (host === undefined || repository === undefined || !/[.:]|^localhost$/.test(host))
    throw new CallFault(
      `"${text}" is not an image in a registry: give HOST[:PORT]/NAME:TAG or HOST[:PORT]/NAME@sha256:….`,
    )
  return { host, repository, version: digest ?? tag ?? 'latest' }
}
