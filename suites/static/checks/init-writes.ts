import { initMounts } from '../../../harness/inspect/init/init-mounts.ts'
import {
  type InitWrite,
  initWrites,
  missingFolder,
  programOf,
  writesBy,
  writtenPath,
} from '../../../harness/inspect/init-writes.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { missingSetting } from '../../../harness/inspect/kernel-settings.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'
import { whereReadable } from './init-provides.ts'

const settingsFolder = '/proc/sys/'

function examineFolders(image: InspectedImage): Examination {
  const mounts = initMounts(image.init, image.files)
  const writes = initWrites(image).filter(({ target }) => !target.startsWith(settingsFolder))
  return examineEach(writes, 'Init writes no file by a fixed name.', ({ path, line, target }) => {
    const end = writtenPath(image, target)
    const problem = missingFolder(image, mounts, end)
    const link = end === target ? '' : `, which leads to ${end},`
    return problem ? finding(path, `Line ${line} writes ${target}${link} but ${problem}.`) : undefined
  })
}

/** Settings that init gives to sysctl, as `name=value` or by a file that it reads. */
const sysctlWrites = (image: InspectedImage): InitWrite[] =>
  writesBy(image, (command, expand) => {
    if (programOf(command) !== 'sysctl') return []
    const given = expand(command.words.slice(1))
    const named = given.filter((word) => word.includes('=') && !word.startsWith('-'))
    const read = given.includes('-p') ? sysctlFiles(given) : []
    return [...named, ...read.flatMap((file) => linesOf(image.files.text(file) ?? ''))].map(settingPath)
  })

/** `sysctl -p` without a file reads /etc/sysctl.conf (sysctl(8)). */
const sysctlFiles = (words: readonly string[]): string[] => {
  const named = words.filter((word) => word.startsWith('/'))
  return named.length > 0 ? named : ['/etc/sysctl.conf']
}

/** A line that begins with `-` may fail (sysctl.conf(5)). */
const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => /^\s*[\w./-]+\s*=/.test(line) && !/^\s*-/.test(line))

/** A name may be written with dots or slashes; where it has both, the first kind parts it (sysctl.d(5)). */
function settingPath(setting: string): string {
  const name = setting.split('=')[0]?.trim() ?? ''
  return settingsFolder + (/^[^./]*\//.test(name) ? name : name.replaceAll('.', '/'))
}

function examineSettings(image: InspectedImage): Examination {
  const writes = [...initWrites(image), ...sysctlWrites(image)].filter(({ target }) =>
    target.startsWith(settingsFolder),
  )
  const isLoaded = (module: string) =>
    image.init.scripts.some(({ text }) => new RegExp(`\\b(modprobe|insmod)\\b[^\\n]*\\b${module}\\b`).test(text))
  return examineEach(writes, 'Init changes no setting of the kernel.', ({ path, line, target }) => {
    const problem = missingSetting(target.slice(settingsFolder.length), isLoaded)
    return problem ? finding(path, `Line ${line} writes ${target}, but ${problem}.`) : undefined
  })
}

export const initWriteChecks: readonly StaticCheck[] = [
  {
    id: 'INI-012',
    title: 'The folders of the files that init writes are there when it writes',
    severity: 'error',
    why: 'The write fails with "nonexistent directory", and what the file was for is missing: names, credentials, trust.',
    source: 'open(2), O_CREAT and ENOENT; buildroot, package/systemd, /etc/resolv.conf (busybox bug 9881)',
    remedy: 'Make the folder in init after the mount that hides it, or ship a file in the place of the link.',
    examine: whereReadable(examineFolders),
  },
  {
    id: 'INI-013',
    title: 'The settings of the kernel that init writes exist',
    severity: 'warning',
    why: 'A write to a setting that is not there fails, and the value that was wanted is not in force.',
    source: 'Linux, Documentation/admin-guide/sysctl; sysctl(8)',
    remedy: 'Load the module first, or leave the setting out.',
    examine: whereReadable(examineSettings),
  },
]
