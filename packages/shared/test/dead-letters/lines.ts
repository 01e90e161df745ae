/** A line of an export, with what a test says otherwise. */
export function letterLine(job: string, rest: Record<string, unknown> = {}): string {
  const { data, ...letter } = rest
  const workflow = 'nightly-1'
  const jobId = `${workflow}.${job}`
  const queue = typeof letter['queue'] === 'string' ? letter['queue'] : 'default'
  return JSON.stringify({
    id: `${queue}~${jobId}`,
    letter: {
      ...{ queue, jobId, task: 'work', code: 'MILLRACE_TASK_FAILED', message: `${job} fails` },
      ...{ severity: 'medium', category: 'handler', fingerprint: '0123456789ab', attempts: 1, worker: null },
      ...{ submittedAt: 1, startedAt: 2, failedAt: 3, context: null, stack: [] },
      data: { workflow, workflowName: 'nightly', job, needs: {}, ...(data as object) },
      ...letter,
    },
  })
}
