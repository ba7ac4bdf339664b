import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { CallFault } from '../model/faults.ts'
import { boundedText } from './bounded-file.ts'

const maxLoginsBytes = 1024 * 1024

/** What docker, podman and skopeo write on a login (containers-auth.json(5)). */
const loginsSchema = Type.Object({
  auths: Type.Record(Type.String(), Type.Object({ auth: Type.Optional(Type.String()) })),
})

/** The `Authorization` header for a registry. Throws CallFault where the file has no login for it. */
export function loginFor(host: string, path: string): string {
  const text = boundedText(path, 'file of logins', maxLoginsBytes)
  const auth = loginsOf(text, path)[host]?.auth
  if (auth === undefined)
    throw new CallFault(`${path} has no login for ${host}: log in with podman login --authfile ${path} ${host}.`)
  return `Basic ${auth}`
}

function loginsOf(text: string, path: string): Record<string, { auth?: string | undefined }> {
  try {
    const value: unknown = JSON.parse(text)
    if (Value.Check(loginsSchema, value)) return value.auths
  } catch {
    // The sentence below says it.
  }
  throw new CallFault(`${path} is not a file of logins: it has no table "auths".`)
}
