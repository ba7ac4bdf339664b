/** A package database that breaks its format, or is in one that is not read; the message is half a sentence about it. */
export class UnreadableDatabase extends Error {
  override name = 'UnreadableDatabase'
}
