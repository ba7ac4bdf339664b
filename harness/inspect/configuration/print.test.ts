import { expect, test } from 'vitest'
import { configurationText } from './print.ts'

test('text of the image reaches no terminal as it is', () => {
  const bad = '\u001b[2J\n\u202e'
  const text = configurationText({
    podman: { path: `/${bad}`, version: bad, versionSource: 'build information' },
    files: [
      {
        kind: 'storage',
        read: [`/etc/${bad}`],
        ignored: [{ path: bad, reason: bad }],
        values: [{ key: bad, value: bad, origin: bad }],
      },
    ],
    environment: [{ name: 'A', value: bad, origin: `/init${bad}:1` }],
    searchPath: [`/bin${bad}`],
  })
  for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character)
  expect(text.split('\n')).toHaveLength(10)
  expect(text).toContain('storage.conf: /etc/\\x1b[2J\\n\\u{202e}')
})

test('an image without podman and without files says so', () => {
  const files = [{ kind: 'storage' as const, read: [], ignored: [], values: [] }]
  const text = configurationText({ files, environment: [], searchPath: ['/bin', '/sbin'] })
  expect(text).toBe(
    'no podman found; the rules of podman 5 are used\nsearch path /bin:/sbin\n\nstorage.conf: no file; podman takes its defaults\n\nenvironment that init sets:\n',
  )
})
