import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientLocation, registryTarget } from './registry-target.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('a request address', () => {
  test.each([
    { path: '/v2/', resource: 'version', upstream: '/v2/' },
    {
      path: '/v2/library/alpine/manifests/3.20',
      resource: 'manifest',
      upstream: '/v2/own/library/alpine/manifests/3.20',
    },
    { path: `/v2/a/blobs/${digest}?x=1`, resource: 'blob', upstream: `/v2/own/a/blobs/${digest}?x=1` },
    { path: '/v2/a/b/blobs/uploads/', resource: 'upload', upstream: '/v2/own/a/b/blobs/uploads/' },
    { path: '/v2/a/blobs/uploads/0f-9', resource: 'upload', upstream: '/v2/own/a/blobs/uploads/0f-9' },
    { path: '/v2/a/tags/list?n=2', resource: 'tags', upstream: '/v2/own/a/tags/list?n=2' },
    { path: `/v2/a/referrers/${digest}`, resource: 'referrers', upstream: `/v2/own/a/referrers/${digest}` },
  ])('$path is a $resource below the prefix', ({ path, resource, upstream }) => {
    expect(registryTarget('docker.io', path, 'own/')).toMatchObject({ resource, upstreamPath: upstream })
  })

  test('of another registry name leads to repositories of its own, mounts included', () => {
    const mount = '/v2/a/blobs/uploads/?mount=x&from=b%2Fc'
    expect(registryTarget('Quay.io:443', mount, '')?.upstreamPath).toBe(
      '/v2/quay.io/a/blobs/uploads/?mount=x&from=quay.io%2Fb%2Fc',
    )
  })

  test.each([
    '/',
    '/v1/search',
    '/v2/_catalog',
    '/v2/../v2/other/manifests/latest',
    '/v2/a/../../other/manifests/latest',
    '/v2/a%2f..%2fother/manifests/latest',
    '/v2//other/manifests/latest',
    '/v2/a/manifests/..',
    '/v2/Upper/manifests/latest',
    '/v2/a/blobs/sha256:short',
    `/v2/${'a'.repeat(256)}/manifests/latest`,
  ])('%s does not reach the registry', (path) => {
    expect(registryTarget('docker.io', path, '')).toBeUndefined()
  })

  test.each(['elsewhere.test', undefined, '10.0.2.2'])('for the host %s does not reach the registry', (host) => {
    expect(registryTarget(host, '/v2/', '')).toBeUndefined()
  })

  test('never leaves the prefix, whatever it is', () => {
    const piece = fc.constantFrom(
      'a',
      '..',
      '.',
      '/',
      '%2e',
      '%2f',
      '//',
      '_',
      'manifests',
      'blobs',
      'uploads',
      digest,
      '?',
      '#',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const target = registryTarget('docker.io', `/v2/${pieces.join('/')}`, 'own/')
        if (!target || target.resource === 'version') return
        const { pathname } = new URL(target.upstreamPath, 'http://registry')
        expect(pathname.startsWith('/v2/own/')).toBe(true)
        expect(target.upstreamPath.split('?')[0]).toBe(pathname)
      }),
    )
  })
})

describe('a Location of the registry', () => {
  test.each(['/v2/own/a/blobs/uploads/1?_state=x', 'http://registry:5000/v2/own/a/blobs/uploads/1?_state=x'])(
    '%s is shown without host and prefix',
    (location) => {
      expect(clientLocation(location, 'own/')).toBe('/v2/a/blobs/uploads/1?_state=x')
    },
  )

  test('outside the prefix is not shown', () => {
    expect(clientLocation('/v2/other/blobs/uploads/1', 'own/')).toBeUndefined()
  })
})
