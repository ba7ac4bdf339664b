import { type ConfigurationReport, readableValue } from '../../inspect/configuration/print.ts'
import type { BillOfMaterials } from '../../inspect/materials/material.ts'
import type { ShownConfiguration, ShownPackages } from '../../report/details-schema.ts'

/** A report is read by people: what goes beyond these numbers is not read, and an image may hold any number of anything. */
const most = { files: 50, values: 300, variables: 100, packages: 1000, characters: 500 }

/** The image's configuration as a report shows it, bounded in number and length. */
export function shownConfiguration({ podman, files, environment }: ConfigurationReport): ShownConfiguration {
  return {
    ...(podman && { podman: cut(podman.version) }),
    files: files.map(({ kind, read, ignored, values }) => ({
      kind,
      read: read.slice(0, most.files).map(cut),
      ignored: ignored.slice(0, most.files).map(({ path, reason }) => ({ path: cut(path), reason: cut(reason) })),
      values: values
        .slice(0, most.values)
        .map(({ key, value, origin }) => ({ key: cut(key), value: cut(readableValue(value)), origin: cut(origin) })),
    })),
    environment: environment
      .slice(0, most.variables)
      .map(({ name, value, origin }) => ({ name: cut(name), value: cut(value), origin: cut(origin) })),
  }
}

/** What the image is made of as a report shows it; the bill of materials has all. */
export function shownPackages({ source, materials }: BillOfMaterials): ShownPackages {
  const listed = materials.slice(0, most.packages).map(({ name, version, license, url }) => ({
    name,
    ...(version !== undefined && { version }),
    ...(license !== undefined && { license }),
    url,
  }))
  return { source, listed, leftOut: materials.length - listed.length }
}

const cut = (text: string): string => (text.length > most.characters ? `${text.slice(0, most.characters)}…` : text)
