/** What stands in the place of a secret. */
const MASK = '[redacted]'

/** Names under which secrets are kept, without case, `-` and `_`; also as the end of a longer name, such as `dbPassword`. */
const NAMES = [
  ...['password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'authorization', 'cookie', 'apikey', 'accesskey'],
  ...['secretkey', 'privatekey', 'signingkey', 'clientsecret', 'credential', 'credentials', 'connectionstring', 'jwt'],
]
/** Names that end like a secret's and hold none. */
const HARMLESS = new Set(['fencingtoken'])

/** Deeper than this nothing is looked at: it is left out instead. */
const DEEPEST = 8

type Fields = Record<string, unknown>

/**
 * Gives a function that puts `[redacted]` in the place of secrets: what stands under one of the known names, at any depth,
 * and passwords in addresses. What holds no secret is returned as it is, without a copy.
 *
 * @param paths more names, or ends of paths: `iban`, `card.number`.
 */
export function createRedactor(paths: readonly string[] = []): (fields: Fields) => Fields {
  const more = paths.map((path) => path.split('.').map(plain))

  function isSecret(path: readonly string[]): boolean {
    const name = path.at(-1) ?? ''
    if (more.some((wanted) => wanted.every((part, index) => path[path.length - wanted.length + index] === part)))
      return true
    return NAMES.some((secret) => name.endsWith(secret)) && !HARMLESS.has(name)
  }

  function redact(value: unknown, path: readonly string[]): unknown {
    if (typeof value === 'string') return value.includes('://') ? value.replace(URL_PASSWORD, `$1${MASK}@`) : value
    if (typeof value !== 'object' || value === null || value instanceof Error || 'toJSON' in value) return value
    if (path.length > DEEPEST) return '[too deep]'
    if (Array.isArray(value)) {
      const items = value.map((item) => redact(item, path))
      return items.some((item, index) => item !== value[index]) ? items : value
    }
    let copy: Fields | undefined
    for (const [name, field] of Object.entries(value)) {
      const at = [...path, plain(name)]
      const clean = isSecret(at) && field !== undefined && field !== null ? MASK : redact(field, at)
      if (clean === field) continue
      copy ??= { ...value } as Fields
      copy[name] = clean
    }
    return copy ?? value
  }

  return (fields) => redact(fields, []) as Fields
}

const URL_PASSWORD = /(\w:\/\/[^\s:@/]*:)[^\s/]+@/g

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '')
