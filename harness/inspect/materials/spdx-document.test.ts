import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { afterAll, describe, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { type TinyEdit, tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file, podmanBuildInfo, program, type TinyTree } from '../../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../../image/open-image-file.ts'
import { loadProfile } from '../../profile/profile.ts'
import { inspectImage } from '../inspect-image.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { spdxDocument, spdxJson } from './spdx-document.ts'
import { type SpdxDocument, spdxSchema } from './spdx-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'spdx-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function listed(edit: TinyEdit) {
  const path = await tinyImage(join(folder, 'tiny.squashfs'), edit)
  const inspected = await inspectImage(await openImageFile(path), await loadProfile('vpdmn'))
  inspected.close()
  const dateS = inspected.squashfs.superblock.mkfsTimeS
  return { file: inspected.file, dateS, materials: billOfMaterials(inspected) }
}

async function documentOf(edit: TinyEdit): Promise<SpdxDocument> {
  const document = spdxDocument(await listed(edit))
  expect(Value.Errors(spdxSchema, document).First()).toBeUndefined()
  const ids = document.packages.map(({ SPDXID }) => SPDXID)
  expect(new Set(ids).size).toBe(ids.length)
  const related = document.relationships.map(({ relatedSpdxElement }) => relatedSpdxElement)
  expect(ids).toEqual(expect.arrayContaining(related))
  return document
}

const named = ({ packages }: SpdxDocument, name: string) => packages.find((each) => each.name === name)
const urlOf = (document: SpdxDocument, name: string) => named(document, name)?.externalRefs?.[0]?.referenceLocator

const database = (kind: 'dpkg' | 'opkg', stanzas: string) => (tree: TinyTree) => {
  tree.delete('/var/lib/dpkg/status')
  tree.set(`/var/lib/${kind}/status`, file(stanzas))
  tree.set('/usr/lib/os-release', file('NAME="Any"\nID=poky\nVERSION_ID="5.2"\n'))
}
const withoutDatabase: TinyEdit = (tree) => tree.delete('/var/lib/dpkg/status')

describe('the bill of materials', () => {
  test('is the same, byte for byte, for the same image', async () => {
    const [first, second] = [await listed(() => undefined), await listed(() => undefined)]
    expect(await spdxJson(first)).toBe(await spdxJson(second))
    expect(JSON.parse(await spdxJson(first)).creationInfo.created).toBe('2023-11-14T22:13:20Z')
  })

  test('lists the packages of the database, each in the image', async () => {
    const document = await documentOf(database('dpkg', 'Package: crun\nVersion: 1:1.21-1\nArchitecture: amd64\n'))
    expect(document.packages.map(({ name, versionInfo }) => [name, versionInfo])).toEqual([
      ['tiny.squashfs', undefined],
      ['crun', '1:1.21-1'],
    ])
    expect(urlOf(document, 'crun')).toBe('pkg:deb/poky/crun@1:1.21-1?arch=amd64&distro=poky-5.2')
    expect(document.relationships).toContainEqual({
      spdxElementId: 'SPDXRef-Image',
      relationshipType: 'CONTAINS',
      relatedSpdxElement: 'SPDXRef-1-crun',
    })
  })

  test('states licenses as SPDX has them, and those it does not know by their own words', async () => {
    const stanzas = [
      'Package: a\nVersion: 1\nLicense: GPL-2.0-only & MIT\n',
      'Package: b\nVersion: 1\nLicense: Ask us\n',
      'Package: c\nVersion: 1\nLicense: Ask us\n',
      'Package: d\nVersion: 1\n',
    ]
    const document = await documentOf(database('opkg', stanzas.join('\n')))
    const licenses = document.packages.slice(1).map(({ licenseDeclared }) => licenseDeclared)
    expect(licenses).toEqual(['GPL-2.0-only AND MIT', 'LicenseRef-1', 'LicenseRef-1', 'NOASSERTION'])
    expect(document.hasExtractedLicensingInfos).toEqual([{ licenseId: 'LicenseRef-1', extractedText: 'Ask us' }])
    expect(urlOf(document, 'a')).toBe('pkg:generic/a@1?distro=poky-5.2')
  })

  test('escapes and cuts names that are made to harm', async () => {
    const long = 'x'.repeat(5000)
    const stanza = `Package: \u001b[2J\u202e"},{\nVersion: ${long}\nArchitecture: a b#?&\nLicense: \u0007\n`
    const [, material] = (await documentOf(database('dpkg', `${stanza}\nPackage:\nVersion: 1\n`))).packages
    expect(material?.name).toBe('\\x1b[2J\\u{202e}"},{')
    expect(material?.versionInfo).toHaveLength(257)
    expect(material?.externalRefs?.[0]?.referenceLocator).toMatch(
      /^pkg:deb\/poky\/[\w%.-]+@x+%E2%80%A6\?arch=a%20b%23%3F%26&/,
    )
  })

  test('of an image without a database lists libraries by their sonames and programs by their names', async () => {
    const document = await documentOf((tree) => {
      withoutDatabase(tree)
      tree.set('/usr/lib64/libdemo.so.1.2.3', file(tinyElf({ soname: 'libdemo.so.1' })))
    })
    expect(named(document, 'libdemo.so.1')).toMatchObject({
      versionInfo: '1.2.3',
      primaryPackagePurpose: 'LIBRARY',
      packageFileName: './usr/lib64/libdemo.so.1.2.3',
    })
    expect(named(document, 'conmon')).toMatchObject({ primaryPackagePurpose: 'APPLICATION' })
    expect(document.creationInfo.comment).toContain('it has no package database')
  })

  test('tells the Go modules that are linked into a program, those of a replacement too', async () => {
    const rows = [
      'dep\tgithub.com/old/one\tv1.0.0\th1:',
      '=>\tgithub.com/new/one\tv1.0.1\th1:',
      'dep\texample.org/two\tv0.2.0\th1:',
    ]
    const document = await documentOf((tree) => {
      withoutDatabase(tree)
      tree.set('/usr/bin/podman', program(tinyElf({ goBuildInfo: `${podmanBuildInfo('5.4.2')}${rows.join('\n')}\n` })))
    })
    expect(named(document, 'podman')?.versionInfo).toBe('v5.4.2')
    expect(named(document, 'github.com/old/one')).toBeUndefined()
    expect(urlOf(document, 'github.com/new/one')).toBe('pkg:golang/github.com/new/one@v1.0.1')
    const podman = named(document, 'podman')?.SPDXID
    const parts = document.relationships.filter(({ spdxElementId }) => spdxElementId === podman)
    expect(parts.map(({ relatedSpdxElement }) => relatedSpdxElement.replace(/^SPDXRef-\d+-/, ''))).toEqual([
      'stdlib',
      'github.com-new-one',
      'example.org-two',
    ])
  })
})
