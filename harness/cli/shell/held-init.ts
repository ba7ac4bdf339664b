import { vcontainerWords } from '../../contract/engines.ts'
import { type GuestAgent, guestBusybox, toolFolder } from '../../guest/guest-agent.ts'

/** Kernel parameters that start, in the place of the image's init, one that waits and then becomes it (harness/recipes/agent/scripts/hold). */
export const heldParameters: readonly string[] = [`${vcontainerWords.init}=${toolFolder}/hold`]

const resumeCommand = `${toolFolder}/go-on`

/** Lays down the command `go-on`, which lets the boot go on. */
export async function installResumeCommand(agent: GuestAgent): Promise<void> {
  await agent.writeFile(
    resumeCommand,
    `#!${guestBusybox} sh\n: > ${toolFolder}/released\necho "The image's init goes on."\n`,
  )
  await agent.exec(guestBusybox, ['chmod', '0755', resumeCommand])
}
