import { describe, expect, it } from 'vitest'
import { unreachable } from '../../src/redis/unreachable.ts'

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code })

describe('a Redis that cannot be used', () => {
  it.each([
    [failure('WRONGPASS invalid username-password pair'), /^refuses its user \(WRONGPASS .*\)\. Mend the user/],
    [failure('NOAUTH Authentication required.'), /^refuses its user \(NOAUTH /],
    [failure('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), /^has a certificate .*NODE_EXTRA_CA_CERTS/],
    [failure('unable to verify', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /^has a certificate .*NODE_EXTRA_CA_CERTS/],
    [
      failure('wrong name', 'ERR_TLS_CERT_ALTNAME_INVALID'),
      /^has a certificate that is not trusted here \(wrong name\)/,
    ],
    [
      failure('connect ECONNREFUSED', 'ECONNREFUSED'),
      /^did not answer within 3000 ms \(connect ECONNREFUSED\)\. Start it/,
    ],
  ])('is told with what to do: %s', (error, words) => {
    expect(unreachable(error, 3_000)).toMatch(words)
  })
})
