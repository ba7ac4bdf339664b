import { describe, expect, test } from 'vitest'
import { guestRequirements } from '../../suites/requirements.ts'
import { staticRequirements } from '../../suites/static/check-image.ts'
import { staticEquivalents } from '../equivalents/static-equivalents.ts'
import { bootEquivalentVariants, bootMutantVariants } from '../mutants/boot-variants.ts'
import { staticMutants } from '../mutants/static-mutants.ts'
import { refusedInput } from '../mutants/variant.ts'

const staticFails = staticMutants.flatMap(({ fails }) => fails)
const bootFails = bootMutantVariants.flatMap(({ fails }) => fails)

describe('the mutants', () => {
  test('reach every requirement that can fail', () => {
    const able = [...staticRequirements.values(), ...guestRequirements].filter(({ severity }) => severity !== 'info')
    expect(able.map(({ id }) => id).filter((id) => ![...staticFails, ...bootFails].includes(id))).toEqual([])
  })

  test('name requirements that exist', () => {
    expect(staticFails.filter((id) => id !== refusedInput && !staticRequirements.has(id))).toEqual([])
    const guestIds = guestRequirements.map(({ id }) => id)
    expect(bootMutantVariants.flatMap(({ asked }) => asked).filter((id) => !guestIds.includes(id))).toEqual([])
  })

  test('must each be seen by something; names are given once, to harmless variants too', () => {
    expect(staticMutants.filter(({ fails }) => fails.length === 0)).toEqual([])
    const names = [...staticMutants, ...staticEquivalents, ...bootMutantVariants, ...bootEquivalentVariants].map(
      ({ id }) => id,
    )
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
