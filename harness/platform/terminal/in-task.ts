import type { Progress, Task } from './progress.ts'

/** Shows a task while `work` runs; `outcome` says in a few words what came of it. */
export async function inTask<T>(
  progress: Progress,
  title: string,
  work: (task: Task) => Promise<T>,
  outcome: (value: T) => string | undefined = () => undefined,
): Promise<T> {
  const task = progress.begin(title)
  try {
    const value = await work(task)
    task.end(outcome(value))
    return value
  } catch (error) {
    task.fail((error as Error).message.split('\n')[0] ?? '')
    throw error
  }
}
