import type { Lifetime } from '../../platform/process/lifetime.ts'

/** Shows on stderr what is awaited, from the first such thing on: for a guest that is forked at once there is none. */
export interface ShownWaits {
  awaiting(what: string): void
  end(): Promise<void>
}

export function showWaits(title: string, lifetime: Lifetime): ShownWaits {
  let shown: ReturnType<typeof open> | undefined
  const end = async (): Promise<void> => (await shown)?.progress.close()
  lifetime.defer(end)
  return {
    awaiting(what) {
      shown ??= open(title)
      void shown.then(({ task }) => task.awaiting(what))
    },
    end,
  }
}

/** Loaded where it is needed, like all that a quick shell does without. */
async function open(title: string) {
  const { openProgress } = await import('../../platform/terminal/progress.ts')
  const progress = openProgress()
  return { progress, task: progress.begin(title) }
}
