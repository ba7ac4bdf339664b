import type { Readable } from 'node:stream'

/** `bitbake -e` prints half a megabyte to two; what follows this much is left out. */
const maxBytes = 64 * 1024 * 1024

/** What a stream brings until it closes, as text. */
export async function readToEnd(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (sizeBytes < maxBytes) chunks.push(chunk)
    sizeBytes += chunk.length
  }
  return Buffer.concat(chunks).toString('utf8')
}
