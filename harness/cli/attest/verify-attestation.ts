import { Value } from '@sinclair/typebox/value'
import { readSignedPayloads } from '../../attest/envelope.ts'
import { unmet } from '../../attest/policy.ts'
import { readVerificationKey } from '../../attest/signing-key.ts'
import { type TestResult, testResultSchema } from '../../attest/statements.ts'
import { sha256OfFile } from '../../image/open-image-file.ts'
import { CallFault } from '../../model/faults.ts'
import { printableLine } from '../../model/printable.ts'
import type { AttestationCheck } from './verify-attestation-call.ts'

/**
 * Prints whether the newest statement on the image meets the policy, and returns 0 or 1. Throws CallFault where the file has none that
 * the key has signed.
 */
export async function verifyAttestation(options: AttestationCheck, now = new Date()): Promise<number> {
  const payloads = readSignedPayloads(options.file, readVerificationKey(options.key))
  const statements = payloads.filter((payload) => Value.Check(testResultSchema, payload))
  if (statements.length === 0)
    throw new CallFault(`The attestation ${options.file} holds no test result of this harness that the key has signed.`)
  const statement = newest(await statementsOn(options, statements))
  const problems = unmet(statement, options.policy, now)
  process.stdout.write(text(options, statement, problems))
  return problems.length === 0 ? 0 : 1
}

async function statementsOn(options: AttestationCheck, statements: readonly TestResult[]): Promise<TestResult[]> {
  let left = [...statements]
  for (const path of [options.image, ...options.bootFiles]) {
    const sha256 = await sha256OfFile(path)
    left = left.filter(({ subject }) => subject.some(({ digest }) => digest.sha256 === sha256))
    if (left.length === 0)
      throw new CallFault(
        `The attestation ${options.file} is on other files: none of its statements has the SHA-256 of ${path}.`,
      )
  }
  return left
}

const runOf = ({ predicate }: TestResult) => predicate.configuration[0].annotations

const newest = (statements: readonly TestResult[]): TestResult =>
  statements.toSorted((a, b) => runOf(b).startedAt.localeCompare(runOf(a).startedAt))[0] as TestResult

function text(options: AttestationCheck, statement: TestResult, problems: readonly string[]): string {
  const { version, startedAt, profile, era, suites, counts, reused } = runOf(statement)
  const lines = [
    problems.length === 0
      ? `${options.image}: attested`
      : `${options.image}: the policy is not met: ${problems.join('; ')}`,
    `  judged at ${startedAt} by version ${version}, profile ${profile} (era ${era}), suites ${suites.join(', ')}`,
    `  ${counts.pass ?? 0} passed, ${counts.fail ?? 0} failed, ${counts.waived ?? 0} waived, ${counts.skip ?? 0} skipped`,
    ...(reused ? [`  ${reused.count} of these by earlier runs, the first at ${reused.oldest}`] : []),
  ]
  return lines.map((line) => `${printableLine(line)}\n`).join('')
}
