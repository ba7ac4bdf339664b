import type { RunningGuest } from '../../machine/start-guest.ts'
import { fork, type GuestTemplate } from '../../machine/template.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { GuestAgent } from '../guest-agent.ts'
import { makeDistinct } from '../identity.ts'
import { creationFault } from './creation-fault.ts'
import { Domain } from './domain.ts'
import { type DomainPlan, domainConfig } from './domain-config.ts'
import { type InputDisks, inputDevices } from './xen-template.ts'

/** A fork answers within 1 s here; the bound is for a loaded machine. */
const firstAnswerTimeoutMs = 60_000
/** Building a domain takes 8 to 16 s under emulation, most of it the kernel's unpacking, and longer beside others. */
const createTimeoutMs = 240_000
const listTimeoutMs = 60_000

/** A Xen host of a test's own: domains are created in it as the layer's runner does. */
export class XenHost {
  readonly machine: RunningGuest
  readonly agent: GuestAgent

  private constructor(machine: RunningGuest, agent: GuestAgent) {
    this.machine = machine
    this.agent = agent
  }

  /** Forks a host whose two input disks are these files. */
  static async fork(template: GuestTemplate, disks: InputDisks, lifetime: Lifetime): Promise<XenHost> {
    const machine = await fork(template, inputDevices(disks), lifetime)
    const agent = await GuestAgent.reach(machine, firstAnswerTimeoutMs)
    await makeDistinct(agent)
    return new XenHost(machine, agent)
  }

  get arch(): ArchitectureName {
    return this.machine.shape.architecture.name
  }

  /** Creates a domain and reads its console from then on. Throws GuestFault where Xen does not start the kernel. */
  async create(plan: DomainPlan, lifetime: Lifetime): Promise<Domain> {
    const path = `/run/domains/${plan.name}`
    await this.agent.writeFile(`${path}.cfg`, domainConfig(this.arch, plan))
    const askedMs = performance.now()
    const result = await this.agent.exec('/bin/sh', ['-c', createScript, 'sh', path, plan.name], {
      timeoutMs: createTimeoutMs,
    })
    if (result.timedOut)
      throw new EnvironmentFault('E_XEN_HOST', `xl create did not end within ${createTimeoutMs / 1000} s.`)
    if (result.exitCode !== 0) throw creationFault(result.stderr.toString('utf8'))
    return new Domain({ host: this, name: plan.name, path, askedMs, lifetime })
  }

  /** Names of the domains that exist, dom0 left out. */
  async domains(): Promise<string[]> {
    const { stdout } = await this.agent.exec('/bin/xl', ['list'], { timeoutMs: listTimeoutMs })
    const rows = stdout.toString('utf8').trim().split('\n').slice(1)
    return rows.map((row) => row.split(/\s+/)[0] as string).filter((name) => name !== 'Domain-0')
  }
}

/**
 * The runner creates the domain and then opens the pseudo-terminal that xenstore names. What the domain prints before waits there.
 * dd writes what it has read at once, and ends with the terminal, when the domain is gone; what it keeps is bounded.
 */
const createScript = `xl create "$1.cfg" >&2 || exit 1
id=$(xl domid "$2") || exit 0
terminal=$(xenstore-read "/local/domain/$id/console/tty") || exit 0
echo "$terminal" > "$1.terminal"
dd if="$terminal" of="$1.console" bs=4096 count=2048 > /dev/null 2>&1 < /dev/null &
echo $! > "$1.reader"`
