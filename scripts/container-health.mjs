#!/usr/bin/env node
// The health check of the image: millrace-health [port]. Exit code 0 when the program of this container may be given work.
const port = process.argv[2] ?? process.env.MILLRACE_HTTP_PORT
const WITHIN_MS = 5_000

try {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(WITHIN_MS) })
  console.log(await answer.text())
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  const { message, cause } = /** @type {Error & { cause?: Error }} */ (error)
  console.log(cause?.message ?? message)
  process.exitCode = 1
}
