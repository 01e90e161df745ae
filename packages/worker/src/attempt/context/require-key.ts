const LONGEST_KEY = 200

/** @throws TypeError unless it is a text of 1 to 200 characters. */
export function requireKey(what: string, key: unknown): asserts key is string {
  if (typeof key === 'string' && key.length >= 1 && key.length <= LONGEST_KEY) return
  throw new TypeError(
    `${what} takes a key of 1 to ${LONGEST_KEY} characters, not ${JSON.stringify(key)?.slice(0, 40) ?? typeof key}`,
  )
}
