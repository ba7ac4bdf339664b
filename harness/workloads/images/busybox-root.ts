import { withParents } from '../tar-layer.ts'
import type { Ingredients, TarEntry } from '../workload.ts'

/** Applets that the suites and the images' own commands use; all are in Debian's busybox-static. */
export const applets: readonly string[] = `
  adjtimex arch ash awk base64 basename cat chgrp chmod chown chroot cmp cp cut date dd df dirname dmesg du echo env
  expr fallocate false find free getfattr grep gunzip gzip head hexdump hostname httpd id ip kill killall ln ls md5sum
  mkdir mkfifo mknod mktemp mount mv nc netstat nologin nproc nslookup od pidof ping printf ps pwd readlink realpath
  rm rmdir sed seq setpriv setsid sh sha256sum sleep sort stat stty su sync sysctl tac tail tar tee test time timeout
  top touch tr true tty umount uname uniq unlink unshare uptime usleep vi wc wget which whoami xargs yes zcat`
  .trim()
  .split(/\s+/)

const accounts = {
  'etc/passwd': [
    'root:x:0:0:root:/root:/bin/sh',
    'nobody:x:65534:65534:nobody:/:/bin/false',
    'worker:x:1000:1000:worker:/home/worker:/bin/sh',
  ],
  'etc/group': ['root:x:0:', 'nogroup:x:65534:', 'worker:x:1000:', 'staff:x:50:worker'],
}

/** A small root file system around the static busybox, as the common base images have one. */
export function busyboxRoot({ busybox }: Ingredients): TarEntry[] {
  return withParents([
    ...['dev', 'home', 'proc', 'run', 'sys', 'var'].map((path): TarEntry => ({ type: 'directory', path })),
    { type: 'directory', path: 'root', mode: 0o700 },
    { type: 'directory', path: 'tmp', mode: 0o1777 },
    { type: 'directory', path: 'home/worker', uid: 1000, gid: 1000 },
    { type: 'file', path: 'bin/busybox', mode: 0o755, content: busybox },
    ...applets.map((name): TarEntry => ({ type: 'symlink', path: `bin/${name}`, target: 'busybox' })),
    ...Object.entries(accounts).map(
      ([path, lines]): TarEntry => ({ type: 'file', path, content: `${lines.join('\n')}\n` }),
    ),
    { type: 'file', path: 'etc/os-release', content: 'ID=workload\nPRETTY_NAME="vpdmn-conformance workload"\n' },
  ])
}
