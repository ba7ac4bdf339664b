import type { Progress, Task } from './progress.ts'

/** What a builder tells in one line, such as `boot kit x86_64: packing the initramfs`, as what it builds and what it does. */
export function buildStep(line: string): { built: string; step: string } {
  const [built = '', ...step] = line.split(': ')
  return { built, step: step.join(': ') }
}

/** Shows a build as a task from the first line that its builder tells: what the cache has is not built, and shows nothing. */
export async function inBuildTask<T>(
  progress: Progress,
  build: (tell: (line: string) => void) => Promise<T>,
): Promise<T> {
  let task: Task | undefined
  const tell = (line: string) => {
    const { built, step } = buildStep(line)
    task ??= progress.begin(built)
    task.doing(step)
  }
  try {
    const made = await build(tell)
    task?.end()
    return made
  } catch (error) {
    task?.fail((error as Error).message.split('\n')[0] ?? '')
    throw error
  }
}
