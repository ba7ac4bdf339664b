import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { runnerBounds } from '../../contract/runner.ts'
import { GuestConsole } from '../../machine/console/guest-console.ts'
import { type OneShotAnswer, readAnswer } from '../../machine/one-shot.ts'
import { processorWait } from '../../machine/processor-wait.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { TimeoutError, withTimeout } from '../../platform/process/with-timeout.ts'
import { type GuestAgent, guestBusybox } from '../guest-agent.ts'

/** Between two looks at a domain's console: a look takes dom0 some 50 ms under emulation, which the domain goes without. */
const lookPauseMs = 1000
/** What dom0 keeps of a console at most (createScript in xen-host-guest.ts). */
const maxConsoleBytes = 8 * 1024 * 1024
/** From the end of a domain's command, or of its daemon, until xl has taken the domain away: 1 to 5 s here. */
const goneTimeoutMs = runnerBounds.daemonEndMs

/** What a domain needs of the host on which it runs. */
export interface HostOfDomain {
  machine: Pick<RunningGuest, 'ended' | 'pid'>
  agent: Pick<GuestAgent, 'exec' | 'readFile' | 'shell'>
  domains(): Promise<string[]>
}

export interface DomainOfHost {
  host: HostOfDomain
  name: string
  /** Start of the paths in dom0 of what belongs to it. */
  path: string
  /** When its creation was asked for. */
  askedMs: number
  lifetime: Lifetime
}

/** What a domain answered, without the end of a machine. */
export type DomainAnswer = Omit<OneShotAnswer, 'end'>

/** A domain in which the image runs, with its console. */
export class Domain {
  readonly console: GuestConsole
  readonly name: string
  readonly #host: HostOfDomain
  readonly #path: string
  readonly #askedMs: number
  readonly #screen = new PassThrough()
  readonly #ended: Promise<void>
  #isWatched = true
  #firstOutputMs: number | undefined

  constructor({ host, name, path, askedMs, lifetime }: DomainOfHost) {
    this.#host = host
    this.name = name
    this.#path = path
    this.#askedMs = askedMs
    this.console = new GuestConsole(this.#screen)
    lifetime.defer(() => {
      this.#isWatched = false
    })
    this.#ended = this.#watch()
    // Whoever awaits something of the domain meets the failure there.
    this.#ended.catch(() => {})
  }

  /** From asking for its creation to the first byte on its console. */
  get firstOutputMs(): number | undefined {
    return this.#firstOutputMs
  }

  /** Awaits that its console ends, which it does with the domain, and reads the answer. */
  async answer(timeoutMs: number): Promise<DomainAnswer> {
    await this.#within(timeoutMs, `the domain ${this.name} to end`, this.#ended)
    await this.console.ended
    return readAnswer(this.console.lines.map(({ text }) => text))
  }

  /** Awaits a line on its console, which has had so many lines already that do not count. */
  async line(what: string, accepts: (text: string) => boolean, timeoutMs: number, linesBefore = 0): Promise<string> {
    let index = 0
    const over = this.#ended.then(() => {
      throw new GuestFault(`The domain ${this.name} ended before there was ${what} on its console.`, this.console.end())
    })
    const wanted = this.console.lineWhere((text) => index++ >= linesBefore && accepts(text))
    const { text } = await this.#within(timeoutMs, what, Promise.race([wanted, over]))
    return text
  }

  /** Types a line on its console, as the runner does: into the terminal that xenstore names. */
  async type(line: string): Promise<void> {
    const script = `cat > "$(cat ${this.#path}.terminal)"`
    const { exitCode, stderr } = await this.#host.agent.shell(script, { input: `${line}\n` })
    if (exitCode !== 0)
      throw new GuestFault(
        `Nothing can be typed on the console of the domain ${this.name}: ${stderr.toString('utf8').trim()}`,
        this.console.end(),
      )
  }

  /** Types a line on its console and awaits the first line behind it that is an answer. */
  async ask(line: string, accepts: (text: string) => boolean, timeoutMs: number): Promise<string> {
    const { length } = this.console.lines
    await this.type(line)
    return this.line(`an answer to ${line}`, accepts, timeoutMs, length)
  }

  /** Awaits that xl no longer lists it. Throws GuestFault where it stays, EnvironmentFault never. */
  async gone(): Promise<void> {
    const listed = async () => {
      while ((await this.#host.domains()).includes(this.name)) await pause(lookPauseMs)
    }
    await this.#within(goneTimeoutMs, `the domain ${this.name} to be destroyed`, listed())
  }

  /** What xl's own process for this domain has logged. */
  async log(): Promise<string> {
    return (await this.#host.agent.readFile(`/var/log/xen/xl-${this.name}.log`)).toString('utf8')
  }

  async #watch(): Promise<void> {
    const { agent } = this.#host
    const [reader] = (await agent.readFile(`${this.#path}.reader`)).toString('utf8').split('\n')
    for (let isReading = true; isReading && this.#isWatched; ) {
      // Asked first: what came before the end is read behind it.
      isReading = (await agent.exec(guestBusybox, ['test', '-d', `/proc/${reader}`])).exitCode === 0
      await this.#read()
      if (isReading) await pause(lookPauseMs)
    }
    this.#screen.end()
  }

  #readBytes = 0
  async #read(): Promise<void> {
    const console = await this.#host.agent.readFile(`${this.#path}.console`, maxConsoleBytes)
    if (console.length === this.#readBytes) return
    this.#firstOutputMs ??= performance.now() - this.#askedMs
    this.#screen.write(console.subarray(this.#readBytes))
    this.#readBytes = console.length
  }

  async #within<T>(timeoutMs: number, what: string, awaited: Promise<T>): Promise<T> {
    const { machine } = this.#host
    const panic = this.console.fatal.then(({ line }): never => {
      throw new GuestFault(`The kernel of the domain ${this.name} panicked: ${line}`, this.console.end())
    })
    const ended = machine.ended.then(({ reason }): never => {
      throw new EnvironmentFault('E_XEN_HOST', `The Xen host ended (${reason}) while it ran ${this.name}.`)
    })
    try {
      return await withTimeout(timeoutMs, Promise.race([awaited, panic, ended]), processorWait(machine.pid))
    } catch (cause) {
      if (!(cause instanceof TimeoutError)) throw cause
      throw new GuestFault(`Waited ${timeoutMs / 1000} s in vain for ${what}.`, this.console.end(), { cause })
    }
  }
}
