import type { ImageFile } from './image-file.ts'
import { readable } from './readable.ts'
import { type DecodeReport, decodeAllData } from './squashfs/decode-data.ts'
import { openSquashfs, type Squashfs } from './squashfs/squashfs.ts'

/** An image whose listing is in memory and whose data is being decoded in the background. */
export interface OpenedImage {
  file: ImageFile
  squashfs: Squashfs
  /** Settles when all data has been decoded; never rejects for the image's sake. */
  decoded: Promise<DecodeReport>
  /** Ends the decoding and closes the file. */
  close(): void
}

/** Reads an image's listing and begins to decode its data. Throws CallFault for metadata that does not decode. */
export function openImage(file: ImageFile): OpenedImage {
  const squashfs = readable(file, () => openSquashfs(file.path))
  const stop = new AbortController()
  return {
    file,
    squashfs,
    decoded: decodeAllData(squashfs, file.path, stop.signal),
    close: () => {
      stop.abort()
      squashfs.close()
    },
  }
}
