import { randomBytes } from 'node:crypto'
import type { Architecture } from '../model/architecture.ts'
import { GuestFault } from '../model/faults.ts'
import { type GuestAgent, guestBusybox, toolFolder } from './guest-agent.ts'
import { entropyInput, reseedProgram } from './reseed-program.ts'

const reseedPath = `${toolFolder}/reseed`
/** Twice the kernel's key; more adds nothing (drivers/char/random.c). */
const entropyBytes = 64

/** Lays down what `makeDistinct` needs; done once in a template, before it is frozen. */
export async function installIdentityTools(agent: GuestAgent, { name }: Architecture): Promise<void> {
  await agent.writeFile(reseedPath, reseedProgram(name))
  await agent.exec(guestBusybox, ['chmod', '0700', reseedPath])
}

/** Gives a fork its own clock, randomness, host name and machine id, so that no two forks of a template are alike. */
export async function makeDistinct(agent: GuestAgent): Promise<void> {
  const machineId = randomBytes(16).toString('hex')
  const values = [String(Math.floor(Date.now() / 1000)), `guest-${machineId.slice(0, 12)}`, machineId]
  const input = entropyInput(randomBytes(entropyBytes))
  const result = await agent.exec(guestBusybox, ['sh', '-c', distinctScript, 'sh', ...values], { input })
  if (result.exitCode !== 0)
    throw new GuestFault('A fork’s clock, names or randomness could not be set.', result.stderr.toString('utf8'))
}

const distinctScript = `set -e
${guestBusybox} date -s "@$1" > /dev/null
echo "$2" > /proc/sys/kernel/hostname
echo "$3" > /etc/machine-id
exec ${reseedPath}`
