import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import {
  type Examination,
  examined,
  examineEach,
  finding,
  joinExaminations,
  type StaticCheck,
  skipped,
} from '../check.ts'

const passwdPath = '/etc/passwd'
const shadowPath = '/etc/shadow'

interface Account {
  name: string
  password: string
  userId: string
  home: string
  shell: string
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

function readAccounts({ files }: InspectedImage): { accounts: Account[]; malformed: string[] } | undefined {
  const text = files.text(passwdPath)
  if (text === undefined) return undefined
  const rows = lines(text).map((line) => line.split(':'))
  return {
    accounts: rows.filter(isAccount).map(([name = '', password = '', userId = '', , , home = '', shell = '']) => ({
      name,
      password,
      userId,
      home,
      shell,
    })),
    malformed: rows.filter((row) => !isAccount(row)).map((row) => row.join(':')),
  }
}

const isAccount = (row: readonly string[]): boolean => row.length === 7 && /^\d+$/.test(row[2] ?? '')

/** Shells that only say no; an image need not ship them for accounts that nobody logs in to. */
const denying = /\/(nologin|false|sync)$/

function examineAccounts(image: InspectedImage): Examination {
  const read = readAccounts(image)
  if (read === undefined) return examined(finding(passwdPath, `${passwdPath} does not exist.`))
  const { accounts, malformed } = read
  const byId = Map.groupBy(accounts, ({ userId }) => userId)
  return joinExaminations(
    examineEach(malformed, 'Every line is an account.', (line) =>
      finding(passwdPath, `The line ${JSON.stringify(line)} is not an account.`),
    ),
    examined(...(byId.has('0') ? [] : [finding(passwdPath, 'No account has the user id 0.')])),
    examineEach(byId, 'No accounts.', ([userId, sharing]) =>
      sharing.length > 1
        ? finding(passwdPath, `The user id ${userId} is shared by ${sharing.map(({ name }) => name).join(', ')}.`)
        : undefined,
    ),
    examineEach(accounts, 'No accounts.', (account) => accountFindings(image, account)),
    examineShadow(image),
  )
}

/** The home counts for root, whom the engine looks up. */
function accountFindings({ files }: InspectedImage, { name, password, userId, home }: Account) {
  const findings = password === '' ? [finding(passwdPath, `${name} has an empty password.`)] : []
  if (userId === '0' && !files.isFolder(home))
    findings.push(finding(passwdPath, `The home ${home} of ${name} does not exist.`))
  return findings
}

/** Init starts commands by its own shell, and containers have theirs: an account's own is only for who logs in. */
const examineShells = (image: InspectedImage): Examination =>
  examineEach(readAccounts(image)?.accounts ?? [], 'No accounts.', ({ name, shell }) =>
    shell === '' || denying.test(shell) || image.files.isExecutable(shell)
      ? undefined
      : finding(passwdPath, `The shell ${shell} of ${name} is not executable.`),
  )

function examineShadow({ files }: InspectedImage): Examination {
  const text = files.text(shadowPath)
  if (text === undefined) return skipped('The image has no /etc/shadow.')
  return examineEach(lines(text), '/etc/shadow is empty.', (line) => {
    const [name, password] = line.split(':')
    return password === '' ? finding(shadowPath, `${name} has an empty password.`) : undefined
  })
}

export const userChecks: readonly StaticCheck[] = [
  {
    id: 'USR-001',
    title: 'Accounts are sound',
    severity: 'error',
    why: 'Podman looks up root and the users of containers; a shared id, a missing home or an empty password breaks or opens the host.',
    source: 'passwd(5), shadow(5); Yocto, EXTRA_IMAGE_FEATURES empty-root-password',
    remedy: 'Correct /etc/passwd and /etc/shadow; lock accounts with * or !, or waive a wanted empty password.',
    examine: examineAccounts,
  },
  {
    id: 'USR-002',
    title: 'Shells of accounts are there',
    severity: 'warning',
    why: 'Runners start no login shell, but whoever logs in or calls su is refused without one.',
    source: 'passwd(5); login(1)',
    remedy: 'Name a shell of the image in /etc/passwd, or /sbin/nologin for accounts that nobody logs in to.',
    examine: examineShells,
  },
]
