import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** What the guest agent answers, by command, as far as it is looked at (QEMU, qga/qapi-schema.json). The rest may be anything. */
export const answerSchemas = {
  'guest-sync': Type.Integer(),
  'guest-exec': Type.Object({ pid: Type.Integer() }),
  'guest-exec-status': Type.Object({
    exited: Type.Boolean(),
    exitcode: Type.Optional(Type.Integer()),
    signal: Type.Optional(Type.Integer()),
    'out-data': Type.Optional(Type.String()),
    'err-data': Type.Optional(Type.String()),
    'out-truncated': Type.Optional(Type.Boolean()),
    'err-truncated': Type.Optional(Type.Boolean()),
  }),
  'guest-file-open': Type.Integer(),
  'guest-file-read': Type.Object({ 'buf-b64': Type.String(), eof: Type.Boolean() }),
  'guest-file-write': Type.Object({ count: Type.Integer() }),
  'guest-file-close': Type.Unknown(),
} as const satisfies Record<string, TSchema>

export type AgentCommand = keyof typeof answerSchemas

export type AgentAnswer<Command extends AgentCommand> = Static<(typeof answerSchemas)[Command]>
