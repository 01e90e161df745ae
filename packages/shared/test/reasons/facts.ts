import type { WorkerView } from '../../src/pool/heartbeat.ts'
import type { Circumstances, JobFacts } from '../../src/reasons/facts.ts'

export const NOW = 1_000_000_000

/** A queued job that nothing stands before, unless told otherwise. */
export const job = (rest: Partial<JobFacts> = {}): JobFacts => ({
  workflow: 'nightly',
  job: 'send',
  task: 'mail.send',
  queue: 'mail',
  level: 'normal',
  tenant: undefined,
  uses: [],
  fansOut: false,
  state: 'queued',
  failed: 0,
  attempts: 0,
  timeoutMs: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  worker: undefined,
  delayedUntil: undefined,
  parked: undefined,
  error: undefined,
  skip: undefined,
  suspended: false,
  needs: { open: 0, named: [] },
  line: line(0),
  ...rest,
})

export const line = (ahead: number, tasks: Record<string, number> = {}): NonNullable<JobFacts['line']> => ({
  ahead,
  levels: { critical: 0, high: 0, normal: ahead, low: 0, background: 0 },
  tasks,
})

export const worker = (rest: Partial<WorkerView> = {}, slots: Partial<WorkerView['slots']> = {}): WorkerView => ({
  id: 'w1',
  name: 'w1',
  host: 'here',
  pid: 1,
  version: '1',
  startedAt: 0,
  seenAt: NOW,
  queues: ['mail'],
  slots: { limit: 4, min: 4, max: 4, active: 0, taking: true, ...slots },
  moves: [],
  cpu: 0,
  loopDelayMs: 0,
  memory: { share: 0, rssBytes: 0, limitBytes: 0 },
  breakers: [],
  unhealthy: [],
  tasks: [{ name: 'mail.send', queue: 'mail', description: '' }],
  succeeded: {},
  ...rest,
})

/** A pool with one idle worker that has the task, and nothing else. */
export const circumstances = (rest: Partial<Circumstances> = {}): Circumstances => ({
  now: NOW,
  workflow: { state: 'running', held: false, holds: false },
  pauses: {},
  breakers: new Map(),
  workers: [worker()],
  limits: [],
  active: 0,
  medians: new Map([['mail.send', 2_000]]),
  timeLimitMs: undefined,
  ...rest,
})
