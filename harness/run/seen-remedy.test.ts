import { expect, test } from 'vitest'
import { seenRemedy } from './seen-remedy.ts'

/** What people reported, and what their reports came to. */
const reports: readonly { report: string; message: string; remedy: RegExp }[] = [
  {
    report: 'podman issue 5836',
    message:
      'Error: error creating lock manager: failed to create 2048 locks in /libpod_lock: no such file or directory',
    remedy: /Mount a tmpfs on \/dev\/shm/,
  },
  {
    report: 'podman issue 1948',
    message: 'Get https://registry-1.docker.io/v2/: dial tcp: lookup registry-1.docker.io: no such host',
    remedy: /name server that answers/,
  },
  {
    report: 'podman issue 18777',
    message: 'dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution',
    remedy: /name server that answers/,
  },
  {
    report: 'podman issue 27272',
    message: 'Error: crun: unknown version specified: OCI runtime error',
    remedy: /crun 1\.14\.3 or later/,
  },
]

test.each(reports)('$report gets a remedy for its cause', ({ message, remedy }) => {
  expect(seenRemedy(message)).toMatch(remedy)
})

test('a message that tells no cause leaves the remedy to the requirement', () => {
  expect(seenRemedy('The container ended with exit code 1.')).toBeUndefined()
})
