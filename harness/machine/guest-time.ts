import { processorWait } from './processor-wait.ts'

/** How the time of guests was spent, in milliseconds: what they had of it, and what they waited for a processor. */
export interface GuestTime {
  ranMs: number
  waitedMs: number
}

/** Often enough that little is lost of a guest that ends between two looks, which each cost a read for every thread of QEMU. */
const lookEveryMs = 500

/** Of the guests of this process since it was taken last. */
let spent: GuestTime = { ranMs: 0, waitedMs: 0 }

/** Counts the time of a guest from now until the returned function is called. */
export function countGuestTime(pid: number, waitOf: (pid: number) => () => number = processorWait): () => void {
  const waitedMs = waitOf(pid)
  let [seenAtMs, seenWaitMs] = [performance.now(), 0]
  const look = () => {
    const [atMs, waitMs] = [performance.now(), waitedMs()]
    const elapsedMs = atMs - seenAtMs
    // A process that has ended tells no wait any more: that is no step back.
    const newMs = Math.min(elapsedMs, Math.max(0, waitMs - seenWaitMs))
    spent = { ranMs: spent.ranMs + elapsedMs - newMs, waitedMs: spent.waitedMs + newMs }
    seenAtMs = atMs
    seenWaitMs = Math.max(seenWaitMs, waitMs)
  }
  const timer = setInterval(look, lookEveryMs).unref()
  return () => {
    clearInterval(timer)
    look()
  }
}

/** What the guests of this process spent since the last call, up to the last look at each. */
export function takeGuestTime(): GuestTime {
  const taken = spent
  spent = { ranMs: 0, waitedMs: 0 }
  return taken
}

/** The share of its time that a guest waited for a processor, 0 to 1; 0 where there was none. */
export const waitedShare = ({ ranMs, waitedMs }: GuestTime): number =>
  ranMs + waitedMs === 0 ? 0 : waitedMs / (ranMs + waitedMs)
