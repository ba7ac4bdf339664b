import { GuestFault } from '../../harness/model/faults.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { longTimeoutMs } from './bounds.ts'
import { spoilingPart } from './spoiling-files.ts'

/** Each needs what the one before it made. */
const commands = [
  ['info'],
  ['pull', '-q', 'docker.io/library/alpine:latest'],
  ['run', '--rm', '--network=none', 'docker.io/library/alpine:latest', 'true'],
  ['run', '--rm', 'docker.io/library/alpine:latest', 'true'],
]

requirement('INF-009', longTimeoutMs, async ({ guest }) => {
  for (const args of commands) {
    const { exitCode, stderr } = await guest.podman(args)
    if (exitCode === 0) continue
    const part = await spoilingPart(guest, args)
    // What fails with an empty configuration too has requirements of its own.
    if (part === undefined) return
    const said = stderr.toString('utf8').trim()
    const fault = new GuestFault(`podman ${args.join(' ')} fails with ${part}, and works without: ${said}`, said)
    fault.remedy = `Correct ${part}, or leave it out.`
    throw fault
  }
})
