import { engines, type ParameterName, parameter } from '../../../harness/contract/engines.ts'
import { markerNames } from '../../../harness/contract/markers.ts'
import {
  type NameService,
  nameServicePath,
  nameServicesOf,
} from '../../../harness/inspect/configuration/name-services.ts'
import {
  handlesParameter,
  initText,
  namesMarker,
  otherPrefixOf,
  parametersOf,
} from '../../../harness/inspect/init/init-contract.ts'
import { expandConstants, type InitScript, sharedConstants } from '../../../harness/inspect/init/init-scripts.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram, unusableReason } from '../../../harness/inspect/lookup.ts'
import { libraryFolders } from '../../../harness/inspect/programs/library-folders.ts'
import type { ShellWord } from '../../../harness/inspect/shell/shell-words.ts'
import { builtinsOf, busyboxApplets, shippedShell } from '../../../harness/inspect/shell/shipped-shell.ts'
import { unsupportedOptions } from '../../../harness/inspect/shell/unsupported-options.ts'
import type { EngineName } from '../../../harness/model/engine.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck, skipped } from '../check.ts'

const examineExecutable = (paths: readonly string[], { files }: InspectedImage): Examination =>
  examineEach(paths, 'The profile names none.', (path) => {
    const resolution = files.resolve(path, { followLast: false })
    if (resolution.entry === undefined) return finding(path, `${path} does not exist.`)
    return files.isExecutable(path) ? undefined : finding(path, `${unusableReason(files, path)}.`)
  })

const scriptsOf = (image: InspectedImage): readonly InitScript[] => image.init.scripts
const noScripts = 'Init is not a script that can be read.'

const examineSources = (image: InspectedImage): Examination =>
  scriptsOf(image).length === 0
    ? skipped(noScripts)
    : examineEach(
        scriptsOf(image).flatMap((script) => script.sources.map((source) => ({ script, ...source }))),
        'Init sources no other file.',
        ({ script, path, line, mayBeMissing }) =>
          mayBeMissing || image.files.findFile(path)
            ? undefined
            : finding(script.path, `Line ${line} sources ${path}, which does not exist.`),
      )

const examineSyntax = (image: InspectedImage): Examination =>
  joinExaminations(
    examineEach(image.syntax, 'No script of init has a shell that is known.', ({ path, shell, error }) =>
      error === undefined ? undefined : finding(path, `${shell} cannot read it: ${error}.`),
    ),
    examineEach(scriptsOf(image), noScripts, ({ path, text }) =>
      text.includes('\r\n')
        ? finding(path, 'Its lines end in CR LF; the shell takes the CR as part of each word.')
        : undefined,
    ),
  )

/** A command with a fixed name that the script relies on. */
interface Call {
  script: InitScript
  name: string
  line: number
}

function callsOf(script: InitScript, functions: ReadonlySet<string>, constants: ReadonlyMap<string, string>): Call[] {
  const probed = probedNames(script)
  return (script.shell?.commands ?? []).flatMap(({ words: [first, ...words], line, mayFail }) => {
    const name = first && (first.text ?? namedBy(first, constants))
    if (name === undefined || name === '' || mayFail || functions.has(name)) return []
    const inner = name === 'exec' ? words[0]?.text : undefined
    const names = inner && !inner.startsWith('-') ? [name, inner] : [name]
    return names.filter((each) => !probed.has(each)).map((each) => ({ script, name: each, line }))
  })
}

/** The command that a constant names; one with blanks is a command with options, or a list. */
function namedBy({ raw }: ShellWord, constants: ReadonlyMap<string, string>): string | undefined {
  const name = expandConstants(raw, constants)
  return name !== undefined && /\s/.test(name) ? undefined : name
}

/** Names that the script itself asks for before it uses them: `command -v NAME`, `[ -x PATH ]`. */
function probedNames({ shell }: InitScript): Set<string> {
  const probes = (shell?.commands ?? []).filter(({ words }) => {
    const [first, second] = words.map(({ text }) => text)
    return (
      (first === 'command' && second === '-v') || first === 'which' || first === 'type' || isExistenceTest(first, words)
    )
  })
  return new Set(
    probes.flatMap(({ words }) => words.flatMap(({ text }) => (text ? [text, text.split('/').at(-1) as string] : []))),
  )
}

const isExistenceTest = (first: string | undefined, words: readonly { text: string | undefined }[]): boolean =>
  (first === '[' || first === 'test' || first === '[[') &&
  words.some(({ text }) => text === '-x' || text === '-e' || text === '-f')

function examineCommands(image: InspectedImage): Examination {
  const { files, init } = image
  const functions = new Set(scriptsOf(image).flatMap(({ shell }) => [...(shell?.functions ?? [])]))
  const interpreter = scriptsOf(image).find((script) => script.interpreter)?.interpreter ?? '/bin/sh'
  const shell = shippedShell(files, interpreter)
  const builtins = builtinsOf(shell?.name ?? 'dash')
  const applets = shell?.name === 'busybox' ? busyboxApplets(files, shell.path) : new Set<string>()
  const constants = sharedConstants(scriptsOf(image))
  const calls = scriptsOf(image).flatMap((script) => callsOf(script, functions, constants))
  const first = new Map(calls.map((call) => [`${call.script.path} ${call.name}`, call] as const).reverse())
  return examineEach([...first.values()].reverse(), noScripts, ({ script, name, line }) => {
    // A busybox shell may be built to run its applets without looking for them (FEATURE_SH_STANDALONE).
    if (builtins.has(name) || applets.has(name) || findProgram(files, name, init.searchPath)) return undefined
    const where = name.includes('/') ? 'does not exist' : `is not on the search path ${init.searchPath.join(':')}`
    return finding(script.path, `Line ${line} calls ${name}, which ${where}.`)
  })
}

const examineOptions = (image: InspectedImage): Examination =>
  examineEach(
    scriptsOf(image).flatMap((script) => (script.shell?.commands ?? []).map((command) => ({ script, command }))),
    noScripts,
    ({ script, command }) =>
      unsupportedOptions(image, command).map(({ option, program }) =>
        finding(
          script.path,
          `Line ${command.line} gives ${command.words[0]?.text} the option ${option}, which ${program} does not have.`,
        ),
      ),
  )

function examineContract(
  { init }: InspectedImage,
  { init: { path }, contract: { engine, era } }: Profile,
): Examination {
  const text = initText(init, path)
  if (text === undefined) return skipped(noScripts)
  return joinExaminations(
    examineEach(parametersOf(engine, era), 'The era has no parameters.', (name) =>
      handlesParameter(text, name, engine) ? undefined : finding(path, unhandledText(text, name, engine)),
    ),
    examineEach(Object.values(markerNames), 'There are no markers.', (name) =>
      namesMarker(text, name) ? undefined : finding(path, `Neither it nor what it sources handles the marker ${name}.`),
    ),
  )
}

function unhandledText(text: string, name: ParameterName, engine: EngineName): string {
  const other = otherPrefixOf(text, name, engine)
  const seen = other === undefined ? '' : ` It takes ${other}${name}, which is the other engine's.`
  return `Neither it nor what it sources handles the parameter ${parameter(name, engines[engine].prefix)}.${seen}`
}

/** Part of the C library itself since glibc 2.34 (its NEWS: libnss_files, libnss_dns are no separate modules). */
const builtInServices = new Set(['files', 'dns'])

/** Databases that podman, its helpers and the shell ask for accounts and hosts. */
const askedDatabases = new Set(['hosts', 'passwd', 'group'])

/** A module that is missing counts as unavailable, and glibc goes on with the next service unless told to return. */
const endsWhereMissing = ({ database, actions }: NameService): boolean =>
  askedDatabases.has(database) || /\bUNAVAIL\s*=\s*return/i.test(actions)

function examineNameServices(image: InspectedImage, { nameServices }: Profile): Examination {
  const text = image.files.text(nameServicePath)
  if (text === undefined) return skipped('The image has no /etc/nsswitch.conf; the C library uses its defaults.')
  return examineEach(nameServicesOf(text), '/etc/nsswitch.conf lists nothing.', (service) => {
    const { database, name } = service
    if (nameServices.forbidden.includes(name))
      return finding(nameServicePath, `${database} asks the service ${name}, which does not run in this image.`)
    if (!endsWhereMissing(service) || builtInServices.has(name) || hasModule(image, name)) return undefined
    return finding(
      nameServicePath,
      `${database} asks the service ${name}, but no library folder has libnss_${name}.so.2.`,
    )
  })
}

const hasModule = (image: InspectedImage, name: string): boolean =>
  libraryFolders(image).some((folder) => image.files.findFile(`${folder}/libnss_${name}.so.2`) !== undefined)

export const initChecks: readonly StaticCheck[] = [
  {
    id: 'INI-001',
    title: 'Init is a regular, executable file',
    severity: 'blocker',
    why: 'The initramfs runs it as PID 1; where it cannot, it falls back to another init or reboots.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init; boot flow of the initramfs',
    remedy: 'Install init at the root of the image with mode 0755.',
    examine: (image, { init }) => examineExecutable([init.path], image),
  },
  {
    id: 'INI-002',
    title: 'Every file that init sources exists',
    severity: 'blocker',
    why: 'A shell that cannot read a sourced file ends, and with it PID 1: the kernel panics.',
    source: 'POSIX.1-2024, Special Built-In Utilities, dot',
    remedy: 'Install the sourced file where the script looks for it.',
    examine: examineSources,
  },
  {
    id: 'INI-003',
    title: "Init's scripts parse under the shell that the image ships",
    severity: 'blocker',
    why: 'A syntax error ends PID 1 at that line; CR LF line ends make every command name wrong.',
    source: 'POSIX.1-2024, sh -n',
    remedy: 'Correct the line, keep to what the shipped shell knows, and save the script with LF line ends.',
    examine: examineSyntax,
  },
  {
    id: 'INI-004',
    title: 'Every command that init calls is there',
    severity: 'error',
    why: 'A missing command is only noticed when its line runs, which may be at the first network or shutdown.',
    source: 'POSIX.1-2024, Command Search and Execution',
    remedy: 'Install the command, or link the busybox applet of that name.',
    examine: examineCommands,
  },
  {
    id: 'INI-005',
    title: 'The options that init gives exist in the shipped programs',
    severity: 'warning',
    why: 'BusyBox applets know fewer options than the programs of the same name, and refuse the others.',
    source: 'BusyBox, usage texts of its applets',
    remedy: 'Use an option that the applet has, or install the full program.',
    examine: examineOptions,
  },
  {
    id: 'INI-006',
    title: 'Init handles the parameters and markers of the boot contract',
    severity: 'error',
    why: 'Runners pass these parameters and wait for these markers; one that is not handled ends in a time-out.',
    source: 'Contract, "Starting the machine" and "Commands and answers", for the era that the profile names',
    remedy: 'Handle the parameter or print the marker in init, or name the era of the image in the profile.',
    examine: examineContract,
  },
  {
    id: 'INI-007',
    title: 'The name services of nsswitch.conf are there',
    severity: 'error',
    why: 'A missing module makes lookups fail or wait; a service that nothing runs here delays each one.',
    source: 'nsswitch.conf(5), "Action on the lookup result"; glibc 2.34 NEWS',
    remedy: 'List files (and dns for hosts) only, or install the module.',
    examine: examineNameServices,
  },
  {
    id: 'INI-008',
    title: 'The alternative inits are regular, executable files',
    severity: 'error',
    why: 'The kernel line selects them (Xen); a missing one falls back to the ordinary init without a word.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init; boot flow of the initramfs',
    remedy: 'Install the script at the root of the image with mode 0755.',
    examine: (image, { init }) => examineExecutable(init.alternatives, image),
  },
]
