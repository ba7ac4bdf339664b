import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** Ways to corrupt a body on its way to the client; each call makes a fresh stream for one body. */

const stream = (transform: (chunk: Buffer, done: TransformCallback, self: Transform) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      transform(chunk, done, this)
    },
  })

/** Tells each chunk how many bytes of the body came before it. */
function counting(transform: (chunk: Buffer, before: number, done: TransformCallback, self: Transform) => void) {
  let before = 0
  return stream((chunk, done, self) => {
    transform(chunk, before, done, self)
    before += chunk.length
  })
}

/** Passes at most so many bytes a second, in twenty steps a second. */
export function slowed(bytesPerSecond: number): Transform {
  const stepMs = 50
  const stepBytes = Math.max(1, Math.floor((bytesPerSecond * stepMs) / 1000))
  const passed = async (chunk: Buffer, self: Transform): Promise<void> => {
    for (let at = 0; at < chunk.length && !self.destroyed; at += stepBytes) {
      self.push(chunk.subarray(at, at + stepBytes))
      await delay(stepMs)
    }
  }
  return stream((chunk, done, self) => {
    void passed(chunk, self).then(() => done())
  })
}

/** Passes the first bytes, is silent for a while, and goes on. */
export const pausedAt = (sizeBytes: number, pauseMs: number): Transform =>
  counting((chunk, before, done, self) => {
    const at = sizeBytes - before
    if (at < 0 || at >= chunk.length) return done(null, chunk)
    self.push(chunk.subarray(0, at))
    void delay(pauseMs).then(() => done(null, chunk.subarray(at)))
  })

/** Passes the first bytes and then breaks the connection. */
export const cutAfter = (sizeBytes: number): Transform =>
  counting((chunk, before, done, self) => {
    const passed = chunk.subarray(0, Math.max(0, sizeBytes - before))
    if (passed.length > 0) self.push(passed)
    // On the next turn, so that what was passed reaches the socket before it is destroyed.
    if (passed.length === chunk.length) done()
    else setImmediate(() => done(new Error(`Cut after ${sizeBytes} bytes.`)))
  })

/** Turns one bit of the byte at this offset. */
export const bitFlippedAt = (offset: number): Transform =>
  counting((chunk, before, done) => {
    const at = offset - before
    if (at < 0 || at >= chunk.length) return done(null, chunk)
    const changed = Buffer.from(chunk)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    done(null, changed)
  })

/** Ends properly after so many bytes. */
export const shortenedTo = (sizeBytes: number): Transform =>
  counting((chunk, before, done) => done(null, chunk.subarray(0, Math.max(0, sizeBytes - before))))

/** Adds bytes behind the end. */
export const lengthenedBy = (tail: Buffer): Transform =>
  new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => done(null, tail),
  })
