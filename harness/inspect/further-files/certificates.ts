import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { InspectedImage } from '../inspect-image.ts'
import { type FileFault, type FurtherFiles, ignored, refused } from './further-file.ts'

/** Folders with one of each registry's host (containers-certs.d(5)). */
const places = ['/root/.config/containers/certs.d', '/etc/containers/certs.d', '/etc/docker/certs.d']

/** Certificates and keys for registries (containers/image pkg/tlsclientconfig, SetupCertificates). */
export const registryCertificates: FurtherFiles = {
  find: ({ files }) =>
    places.flatMap((place) =>
      files
        .list(place)
        .flatMap(({ name, children }) =>
          children ? [...children.keys()].map((inner) => `${place}/${name}/${inner}`) : [`${place}/${name}`],
        ),
    ),
  judge: (image, paths) => paths.flatMap((path) => fileFaults(image, path, new Set(paths))),
}

function fileFaults(image: InspectedImage, path: string, all: ReadonlySet<string>): FileFault[] {
  const [, base = '', kind = ''] = /^(.*)\.(crt|cert|key)$/.exec(path) ?? []
  // podman issue 10116: a certificate that should hold for all registries.
  if (kind !== '' && places.includes(path.slice(0, path.lastIndexOf('/'))))
    return [ignored(path, 'It must lie in a folder of the registry’s host, such as certs.d/registry.example')]
  if (kind === 'crt')
    return certificate(image, path)
      ? []
      : [ignored(path, 'It holds no certificate, so the registry is not trusted by it')]
  if (kind === 'cert' && !all.has(`${base}.key`))
    return [refused(path, 'It is a certificate of the client and has no .key beside it; authorities end in .crt')]
  // containers/image issue 291.
  if (kind === 'key' && !all.has(`${base}.cert`))
    return [refused(path, 'It is a key of the client and has no .cert beside it')]
  return kind === 'cert' ? pairFaults(image, path, `${base}.key`) : []
}

function pairFaults(image: InspectedImage, path: string, keyPath: string): FileFault[] {
  const found = certificate(image, path)
  if (found === undefined) return [refused(path, 'It holds no certificate')]
  try {
    const key = createPrivateKey(image.files.text(keyPath) ?? '')
    return found.checkPrivateKey(key) ? [] : [refused(path, `It does not belong to the key ${keyPath}`)]
  } catch {
    return [refused(keyPath, 'It holds no key')]
  }
}

function certificate(image: InspectedImage, path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(image.files.text(path) ?? '')
  } catch {
    return undefined
  }
}
