import type { EngineName } from '../model/engine.ts'

/** What an engine says, and keeps, otherwise than the others where a runner asks all of them for the same. */
export interface Dialect {
  /** What skopeo writes before the name of an image that it brings into the store (containers-transports(5)). */
  storeTransport: string
  /** Beginnings of names that the list of images leaves out, the longest first. */
  unlisted: readonly string[]
  /** Removes containers that run, without a wait for their end. */
  removeAtOnce: string
  /** The beginning of every name in an archive of the store. */
  packedAs: string
  /** A file of every store, from its own folder. */
  storeFile: string
  /** A file of every store that holds an image. */
  imageRecord: string
  /** Logs in at a registry whose certificate nobody vouches for, which the machine was told of. */
  login: string
}

export const dialects: Readonly<Record<EngineName, Dialect>> = {
  podman: {
    storeTransport: 'containers-storage:',
    unlisted: [],
    // podman-rm(1), "--time": 10 s without it.
    removeAtOnce: 'podman rm -f -t 0',
    packedAs: './',
    storeFile: 'vfs-images/images.lock',
    imageRecord: 'vfs-images/images.json',
    login: 'podman login --tls-verify=false',
  },
  docker: {
    storeTransport: 'docker-daemon:',
    // distribution/reference, reference.go, "FamiliarString".
    unlisted: ['docker.io/library/', 'docker.io/'],
    // docker-rm(1), "--force": by SIGKILL.
    removeAtOnce: 'docker rm -f',
    packedAs: 'docker/',
    storeFile: 'volumes/metadata.db',
    imageRecord: 'image/overlay2/repositories.json',
    // dockerd(8), "--insecure-registry": the daemon speaks to it, and was started with that option.
    login: 'docker login',
  },
}

/** The name of an image as the engine lists it. */
export function listedName({ unlisted }: Dialect, name: string): string {
  const start = unlisted.find((each) => name.startsWith(each)) ?? ''
  return name.slice(start.length)
}
