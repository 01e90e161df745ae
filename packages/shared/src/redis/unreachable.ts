/** How an answer begins that is about who asks. */
const REFUSES_USER = /^(WRONGPASS|NOAUTH|NOPERM)\b/
/** Codes with which Node refuses the certificate of a server. */
const REFUSED_CERTIFICATE = /CERT|^UNABLE_TO_/

/** Why a Redis cannot be used, and what to do, for the end of a sentence that begins with `Redis at <address>`. */
export function unreachable(error: Error & { readonly code?: unknown }, withinMs: number): string {
  const reason = error.message
  if (REFUSES_USER.test(reason)) {
    return `refuses its user (${reason}). Mend the user and the password in REDIS_URL; what the user must be allowed: docs/configuration.md.`
  }
  if (REFUSED_CERTIFICATE.test(String(error.code))) {
    return `has a certificate that is not trusted here (${reason}). Name the file of its authority in NODE_EXTRA_CA_CERTS.`
  }
  return `did not answer within ${withinMs} ms (${reason}). Start it, or set REDIS_URL to where it runs.`
}
