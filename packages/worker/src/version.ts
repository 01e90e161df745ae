import { packageVersion } from '@millrace/shared'

export const PACKAGE_VERSION = packageVersion(import.meta.url)
