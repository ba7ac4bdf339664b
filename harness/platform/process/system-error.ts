/** Why the system refused, in words with a remedy (errno(3)); what is not here is more likely our own mistake. */
const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'your disk quota is used up: free some space',
  EACCES: 'this user may not: change its permissions, or choose another place',
  EPERM: 'the system does not allow it: choose another place',
  EROFS: 'the disk is read-only: choose another place',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  ENOMEM: 'memory is short: end other programs, or use fewer --jobs',
  EAGAIN: 'processes are short: raise the limit (ulimit -u), or use fewer --jobs',
}

/** A sentence on an error of the system, such as a full disk; undefined for an error of another kind. */
export function systemErrorText(error: unknown): string | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException
  const reason = reasons[code ?? '']
  return reason && syscall ? `${path ?? syscall}: ${reason} (${syscall}: ${code}).` : undefined
}
