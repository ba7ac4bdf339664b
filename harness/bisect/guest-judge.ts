import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcceleratorChoice, chooseAccelerator, underAccelerator } from '../guest/prepare/accelerator.ts'
import type { GuestSource } from '../guest/prepare/prepare-guests.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { EnvironmentFault } from '../model/faults.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Status } from '../model/status.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { askGuests, type GuestQuestion } from '../run/ask-guests.ts'
import type { Failures } from './trial-store.ts'

/** Guests are asked one requirement at a time, so one runs alone. */
const jobs = 1

export interface GuestJudgement extends Pick<GuestQuestion, 'suite' | 'asked' | 'contract' | 'notApplicable'> {
  accelerator: 'auto' | AcceleratorChoice['accelerator']
  source: Omit<GuestSource, 'imagePath' | 'imageSha256' | 'accelerator'>
}

/** A requirement that is blocked by another would have failed by itself. */
const isFailure: Partial<Record<Status, true>> = { fail: true, blocked: true }

/** What fails of the requirements asked for once an image is booted. Findings hold words of chance, so none is marked. */
export async function guestFailures(imagePath: string, judgement: GuestJudgement): Promise<Failures> {
  const results = await ask(imagePath, judgement)
  const broken = results.find(({ status }) => status === 'error')
  if (broken)
    throw new EnvironmentFault('E_SUITES', `${broken.id} could not be asked: ${broken.findings[0]?.message ?? ''}`)
  return Object.fromEntries(results.filter(({ status }) => isFailure[status]).map(({ id }) => [id, []]))
}

async function ask(imagePath: string, judgement: GuestJudgement): Promise<readonly RequirementResult[]> {
  const { accelerator: wanted, source, ...question } = judgement
  const { sha256: imageSha256 } = await openImageFile(imagePath)
  const runFolder = join(source.runFolder, 'guest')
  await mkdir(runFolder, { recursive: true })
  try {
    return await source.lifetime.within(async (lifetime) => {
      const choice = await chooseAccelerator(wanted, source.arch)
      return underAccelerator(wanted, choice, ({ accelerator }) => {
        const own = { ...source, imagePath, imageSha256, runFolder, lifetime, accelerator }
        return askGuests({ ...question, key: 'mixture', source: own, jobs })
      })
    })
  } finally {
    await removeFolder(runFolder)
  }
}
