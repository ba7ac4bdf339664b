import { describe, expect, test } from 'vitest'
import { dialects, listedName } from './dialects.ts'
import { importCommand } from './request.ts'

describe('the name of an image in the list', () => {
  test('is whole where the engine is podman', () => {
    expect(listedName(dialects.podman, 'docker.io/library/alpine:latest')).toBe('docker.io/library/alpine:latest')
  })

  test.each([
    ['docker.io/library/alpine:latest', 'alpine:latest'],
    ['docker.io/vpdmn/layers:latest', 'vpdmn/layers:latest'],
    ['quay.io/vpdmn/layers:latest', 'quay.io/vpdmn/layers:latest'],
  ])('of docker leaves out its own registry: %s', (name, listed) => {
    expect(listedName(dialects.docker, name)).toBe(listed)
  })
})

test('a layout comes into the store of the engine that is asked', () => {
  expect(importCommand('/mnt/input', 'a:1')).toBe('skopeo copy -q oci:/mnt/input containers-storage:a:1')
  expect(importCommand('/mnt/input', 'a:1', 'docker')).toBe('skopeo copy -q oci:/mnt/input docker-daemon:a:1')
})
