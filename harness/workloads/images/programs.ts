import { withParents } from '../tar-layer.ts'
import type { ImageSettings, TarEntry, Workload } from '../workload.ts'
import { busyboxRoot } from './busybox-root.ts'

/** What images say about how they run: entry points, environment, users, health, signals. */

const secondNs = 1_000_000_000
const path = 'PATH=/bin'

/** Prints its own command line, one argument a line, so that a test sees what reached the program. */
const showArguments = `#!/bin/sh
for argument in "$0" "$@"; do printf '<%s>\\n' "$argument"; done
`

/** Serves HTTP until it is asked to stop, says which signal it got, and ends with a code of its own. */
const server = `#!/bin/sh
stop() { echo "stopped by $1"; kill "$httpd"; exit "$2"; }
trap 'stop TERM 0' TERM
trap 'stop INT 3' INT
trap 'stop QUIT 4' QUIT
trap 'echo "got HUP"' HUP
trap 'echo "got USR1"' USR1
httpd -f -p "\${PORT:-8080}" -h /srv &
httpd=$!
echo "serving on \${PORT:-8080}"
while kill -0 "$httpd"; do wait "$httpd"; done
`

/** Ignores everything but SIGKILL. */
const stubborn = `#!/bin/sh
trap '' TERM INT HUP QUIT
echo "not listening"
while :; do sleep 1; done
`

/** Healthy as long as /run/healthy exists. */
const healthSettings: ImageSettings = {
  Cmd: ['/bin/sh', '-c', 'touch /run/healthy; while :; do sleep 1; done'],
  Env: [path],
  Healthcheck: {
    Test: ['CMD', '/bin/test', '-e', '/run/healthy'],
    Interval: 2 * secondNs,
    Timeout: secondNs,
    Retries: 2,
  },
}

function program(name: string, purpose: string, settings: ImageSettings, added: readonly TarEntry[] = []): Workload {
  return {
    name,
    purpose,
    references: [`vpdmn/${name}:latest`],
    settings: { Env: [path], ...settings },
    layers: (ingredients) => [
      { entries: busyboxRoot(ingredients) },
      ...(added.length > 0 ? [{ entries: withParents(added) }] : []),
    ],
  }
}

const script = (name: string, content: string): TarEntry => ({
  type: 'file',
  path: `bin/${name}`,
  mode: 0o755,
  content,
})
const shown = [script('show-arguments', showArguments)]

export const programWorkloads: readonly Workload[] = [
  program(
    'entrypoint-exec',
    'An entry point with default arguments, both in exec form.',
    {
      Entrypoint: ['/bin/show-arguments', 'fixed argument'],
      Cmd: ['default', 'two words'],
    },
    shown,
  ),
  program('entrypoint-shell', 'An entry point in shell form: arguments of the call are for the shell.', {
    Entrypoint: ['/bin/sh', '-c', 'echo "entry $0 $HOME"'],
  }),
  program(
    'command-exec',
    'A command in exec form without an entry point.',
    { Cmd: ['/bin/show-arguments', 'a b', '', '$HOME'] },
    shown,
  ),
  program('command-shell', 'A command in shell form: variables are expanded.', {
    Cmd: ['/bin/sh', '-c', 'echo "home $HOME"'],
  }),
  program('no-command', 'Neither entry point nor command: a run has to name one.', {}),
  program(
    'settings',
    'Environment, working directory that has to be made, user by name, ports, volume, labels.',
    {
      Cmd: ['/bin/sh', '-c', 'id -un; id -gn; pwd; env | sort'],
      Env: [path, 'GREETING=hello world', 'EMPTY=', 'EQUALS=a=b'],
      WorkingDir: '/made/by/podman',
      User: 'worker:staff',
      ExposedPorts: { '8080/tcp': {}, '5353/udp': {} },
      Volumes: { '/data': {} },
      Labels: { 'test.vpdmn.label': 'labelled' },
    },
    [{ type: 'file', path: 'data/seed', content: 'from the image\n' }],
  ),
  program('numeric-user', 'A user and group by number that no account has, beyond 65535.', {
    User: '100000:100001',
    Cmd: ['/bin/id'],
  }),
  program(
    'server',
    'An HTTP server that stops gracefully and tells by which signal.',
    {
      Entrypoint: ['/bin/server'],
      ExposedPorts: { '8080/tcp': {} },
    },
    [script('server', server), { type: 'file', path: 'srv/index.html', content: 'served by a workload\n' }],
  ),
  program(
    'stop-signal',
    'The same server, which wants to be stopped by SIGQUIT.',
    {
      Entrypoint: ['/bin/server'],
      StopSignal: 'SIGQUIT',
    },
    [script('server', server), { type: 'file', path: 'srv/index.html', content: 'served by a workload\n' }],
  ),
  program('stubborn', 'Ignores every signal it can: has to be killed.', { Entrypoint: ['/bin/stubborn'] }, [
    script('stubborn', stubborn),
  ]),
  // OCI configurations have no health check; podman reads it from Docker's only.
  {
    ...program('health', 'A health check that a test turns bad by removing a file.', healthSettings),
    format: 'docker',
  },
]
