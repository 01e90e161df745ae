/**
 * How many tests passed, failed and were skipped on purpose, from vitest's JSON report.
 *
 * A file that cannot be loaded has no tests, and when its set-up fails vitest calls its tests skipped. Neither may look as
 * if nothing had failed: what a failed file did not run counts as failed, and the file itself when there is nothing to count.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 */
export function countTests({ testResults }) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of testResults) {
    const having = (/** @type {(status: string) => boolean} */ fits) =>
      file.assertionResults.filter(({ status }) => fits(status)).length
    const passed = having((status) => status === 'passed')
    const failed = having((status) => status === 'failed')
    const neither = file.assertionResults.length - passed - failed
    const broken = file.status === 'failed' && failed === 0
    counts.passed += passed
    counts.failed += failed + (broken ? Math.max(1, neither) : 0)
    counts.skipped += broken ? 0 : neither
  }
  return counts
}
