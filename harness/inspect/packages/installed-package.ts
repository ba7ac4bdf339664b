import type { RecordedPrivilege } from './recorded-privileges.ts'

/** One installed package as the image's own database records it. */
export interface InstalledPackage {
  name: string
  /** With epoch and revision, where there are any, as `1:2.0-3`. */
  version: string
  architecture: string | undefined
  /** As stated; SPDX expressions in Yocto's and Alpine's databases, free text or nothing elsewhere. */
  license: string | undefined
  /** Files with privileges, where the database records them with the package. */
  privileges?: readonly RecordedPrivilege[]
  /** The recipe or source package that it was built from; missing where the database does not say. */
  source?: string
}
