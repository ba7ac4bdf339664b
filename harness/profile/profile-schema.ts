import { type Static, Type } from '@sinclair/typebox'
import { forEachArchitecture } from '../model/architecture.ts'
import { engineNames } from '../model/engine.ts'
import { eraNames } from '../model/era.ts'
import { literals } from '../model/result.ts'
import { profileDefaults } from './profile-defaults.ts'

const strict = { additionalProperties: false } as const
const absolutePath = Type.String({ pattern: '^/', description: 'Absolute path inside the image.' })
const names = Type.Array(Type.String({ minLength: 1 }))

/** One agreed exception; all of it is required, so that none is forgotten or lasts for ever. */
export const waiverSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Z0-9]+-[0-9]{3}$', description: 'Requirement.' }),
    path: Type.String({ minLength: 1, description: 'Path pattern: * within a name, ** across folders.' }),
    reason: Type.String({ minLength: 1 }),
    expires: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Last day it holds, YYYY-MM-DD, UTC.' }),
    owner: Type.String({ minLength: 1 }),
  },
  strict,
)

/** Values that must be in force in one configuration file, as tables of keys; only the keys named here are compared. */
const expectedValues = Type.Record(Type.String(), Type.Unknown())

/** Dotted keys that no file of a kind may set, for podman's default to be in force; a table stands for all its keys. */
const unsetKeys = Type.Object({ storage: names, containers: names, registries: names }, strict)

export const profileSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    description: Type.String(),
    programs: Type.Object(
      {
        required: Type.Array(names, { description: 'Each list names alternatives, one of which must be present.' }),
        helpers: names,
        forbidden: Type.Array(Type.String({ minLength: 1 }), {
          default: profileDefaults.programs.forbidden,
          description: 'Programs that the recipe leaves out.',
        }),
        firewall: Type.Union([Type.Literal('iptables'), Type.Literal('nftables'), Type.Literal('by-era')]),
      },
      strict,
    ),
    packages: Type.Object(
      { required: Type.Array(names, { description: 'Each list names the same package in different distributions.' }) },
      strict,
    ),
    folders: Type.Object({ required: Type.Array(absolutePath) }, strict),
    links: Type.Object(
      {
        runtimeTargets: Type.Array(absolutePath, { description: 'Folders whose content exists only at run time.' }),
        unresolved: Type.Array(absolutePath, { description: 'Path patterns of links that may lead nowhere.' }),
      },
      strict,
    ),
    init: Type.Object(
      { path: absolutePath, alternatives: Type.Array(absolutePath), searchPath: Type.Array(absolutePath) },
      strict,
    ),
    contract: Type.Object(
      {
        engine: { ...literals(engineNames), default: profileDefaults.contract.engine },
        era: literals(eraNames),
      },
      strict,
    ),
    configuration: Type.Object(
      { storage: expectedValues, containers: expectedValues, registries: expectedValues, unset: unsetKeys },
      strict,
    ),
    registries: Type.Object({ search: names, aliases: Type.Record(Type.String(), Type.String()) }, strict),
    policy: Type.Object({ acceptAnything: Type.Boolean() }, strict),
    nameServices: Type.Object({ forbidden: names }, strict),
    privileges: Type.Object({ paths: Type.Array(absolutePath, { description: 'Path patterns.' }) }, strict),
    certificates: Type.Object({ minimalCount: Type.Integer({ minimum: 1 }) }, strict),
    sizes: Type.Object(
      {
        imageBytes: Type.Integer({ minimum: 1 }),
        unpackedBytes: Type.Integer({ minimum: 1 }),
        wastedBytes: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
    performance: Type.Object(
      {
        bootInstructions: Type.Object(
          forEachArchitecture(() => Type.Integer({ minimum: 1 })),
          strict,
        ),
        limits: Type.Array(
          Type.Object(
            {
              metrics: Type.String({
                minLength: 1,
                description: 'Name of exact metrics; * stands for any part of it.',
              }),
              failPercent: Type.Number({
                minimum: 0,
                description: 'Slower than the baseline by more than this fails.',
              }),
              reportPercent: Type.Number({ minimum: 0, description: 'A difference of more than this is reported.' }),
            },
            strict,
          ),
          { description: 'The first that fits a metric holds; a metric that none fits is not compared.' },
        ),
      },
      strict,
    ),
    waivers: Type.Array(waiverSchema),
  },
  strict,
)

export type Waiver = Static<typeof waiverSchema>
export type Profile = Static<typeof profileSchema>
