/**
 * Every series that Millrace exports, and nothing else. What is wrong with a name, a unit or a label is wrong here;
 * docs/metrics.md, the dashboards and the alerts are tested against this list.
 *
 * Names carry their base unit. Labels have few values: `task`, `queue`, `level`, `resource`, `outcome`, `reason`, `kind`,
 * `version`; never the id of a job or a workflow.
 */

type Kind = 'counter' | 'gauge' | 'histogram'

/** Whose `/metrics` has it: every worker, every process with an endpoint, or the one exporter of a pool. */
type Source = 'worker' | 'process' | 'producer' | 'exporter'

export interface Series {
  readonly kind: Kind
  readonly name: `millrace_${string}`
  readonly from: Source
  readonly labels: readonly string[]
  readonly help: string
  /** Of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[]
}

/** From 1 ms to 10 min: three buckets to a decade tell 1.1 from 2.4 and not 1.1 from 1.2. */
const RUN_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600] as const
/** Waiting may last hours. */
const WAIT_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200] as const
/** Workflows last from milliseconds to days. Their times are counted in Redis, bucket by bucket: see end-counts.ts. */
export const WORKFLOW_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400] as const
/** What was left when it ended; below zero it ended late. */
export const SLACK_SECONDS = [-3_600, -300, -60, 0, 60, 300, 900, 3_600, 14_400, 86_400] as const

export const SERIES = {
  // attempts: counted by the worker that runs them
  jobsStarted: {
    ...{ kind: 'counter', name: 'millrace_jobs_started_total', from: 'worker', labels: ['task', 'queue'] },
    help: 'Attempts begun: a job that is tried again counts again, and one that is put aside at once counts too.',
  },
  jobsFinished: {
    ...{ kind: 'counter', name: 'millrace_jobs_finished_total', from: 'worker', labels: ['task', 'queue', 'outcome'] },
    help: 'Jobs that ended with an attempt, by outcome: succeeded, dead. Not those skipped, cancelled or stalled to death.',
  },
  jobsRetried: {
    ...{ kind: 'counter', name: 'millrace_jobs_retried_total', from: 'worker', labels: ['task', 'queue', 'reason'] },
    help: 'Attempts that failed and will be made again, by reason: the code of the failure.',
  },
  jobsParked: {
    ...{ kind: 'counter', name: 'millrace_jobs_parked_total', from: 'worker', labels: ['task', 'queue', 'reason'] },
    help: 'Jobs put aside without spending an attempt, by what they wait for: breaker, bulkhead, task, workflow, limit, slots, worker, …',
  },
  jobsSuspended: {
    ...{ kind: 'counter', name: 'millrace_jobs_suspended_total', from: 'worker', labels: ['task', 'queue'] },
    help: 'Attempts that ended by waiting for the jobs they spawned. The job ends later, without another attempt.',
  },
  jobsReturned: {
    ...{ kind: 'counter', name: 'millrace_jobs_returned_total', from: 'worker', labels: ['task', 'queue', 'reason'] },
    help: 'Attempts given up without a verdict, by reason: drained, lock_lost.',
  },
  jobsCached: {
    ...{ kind: 'counter', name: 'millrace_jobs_cached_total', from: 'worker', labels: ['task', 'queue'] },
    help: 'Jobs that succeeded with the output of an earlier one: their handler did not run.',
  },
  jobsStalled: {
    ...{ kind: 'counter', name: 'millrace_jobs_stalled_total', from: 'worker', labels: ['queue'] },
    help: 'Jobs of a vanished worker that this one found and sent back.',
  },
  handlersIgnored: {
    ...{ kind: 'counter', name: 'millrace_handlers_ignored_total', from: 'worker', labels: [] },
    help: 'Handlers that ran on after their signal was aborted and their grace had passed.',
  },
  failureEscalations: {
    ...{ kind: 'counter', name: 'millrace_failure_escalations_total', from: 'worker', labels: [] },
    help: 'Kinds of failure that passed the threshold of escalation, as told by this worker.',
  },
  attemptSeconds: {
    ...{ kind: 'histogram', name: 'millrace_attempt_duration_seconds', from: 'worker', labels: ['task', 'queue'] },
    help: 'From taking a job to the end of its attempt, failed ones included; those put aside or used again excluded.',
    buckets: RUN_SECONDS,
  },
  queueWaitSeconds: {
    ...{ kind: 'histogram', name: 'millrace_queue_wait_seconds', from: 'worker', labels: ['task', 'queue'] },
    help: 'From the moment a job could run (submitted and its delay over, or released) to its first attempt.',
    buckets: WAIT_SECONDS,
  },
  releaseSeconds: {
    ...{ kind: 'histogram', name: 'millrace_release_latency_seconds', from: 'worker', labels: ['task', 'queue'] },
    help: 'From the end of the last need of a job to its first attempt; only jobs with needs and without a delay.',
    buckets: WAIT_SECONDS,
  },

  // the worker itself
  workerSlots: {
    ...{ kind: 'gauge', name: 'millrace_worker_slots', from: 'worker', labels: [] },
    help: 'Attempts that this worker may run at once, now.',
  },
  workerActive: {
    ...{ kind: 'gauge', name: 'millrace_worker_active_jobs', from: 'worker', labels: [] },
    help: 'Attempts that run in this worker now.',
  },
  workerUtilization: {
    ...{ kind: 'gauge', name: 'millrace_worker_utilization_ratio', from: 'worker', labels: [] },
    help: 'Share of the slots of this worker that are in use, from 0 to 1.',
  },
  workerTaking: {
    ...{ kind: 'gauge', name: 'millrace_worker_taking_jobs', from: 'worker', labels: [] },
    help: '1 while this worker takes jobs, 0 while memory is short or it drains.',
  },
  concurrencyMoves: {
    ...{ kind: 'counter', name: 'millrace_concurrency_moves_total', from: 'worker', labels: ['reason'] },
    help: 'Times that the number of slots was moved, by reason: room (raised), cpu, event-loop, latency, memory.',
  },
  breakerTransitions: {
    ...{ kind: 'counter', name: 'millrace_breaker_transitions_total', from: 'worker', labels: ['resource', 'outcome'] },
    help: 'Changes of a breaker as this worker saw them, by outcome: opened, half_open (probe granted here), closed.',
  },
  bulkheadRejections: {
    ...{ kind: 'counter', name: 'millrace_bulkhead_rejections_total', from: 'worker', labels: ['resource'] },
    help: 'Jobs that found a bulkhead of this worker full and were put aside; resource is task/<name> for a task of its own.',
  },
  bulkheadActive: {
    ...{ kind: 'gauge', name: 'millrace_bulkhead_active_jobs', from: 'worker', labels: ['resource'] },
    help: 'Slots of a bulkhead of this worker that are in use, those who wait in its queue included.',
  },
  bulkheadSlots: {
    ...{ kind: 'gauge', name: 'millrace_bulkhead_slots', from: 'worker', labels: ['resource'] },
    help: 'Slots of a bulkhead of this worker, now.',
  },

  // any process
  buildInfo: {
    ...{ kind: 'gauge', name: 'millrace_build_info', from: 'process', labels: ['kind', 'version'] },
    help: 'Always 1; kind is the role of the process: worker, producer, dashboard, exporter.',
  },
  cpuSeconds: {
    ...{ kind: 'counter', name: 'millrace_process_cpu_seconds_total', from: 'process', labels: [] },
    help: 'CPU time of this process, user and system.',
  },
  memoryBytes: {
    ...{ kind: 'gauge', name: 'millrace_process_memory_bytes', from: 'process', labels: ['kind'] },
    help: 'Memory of this process, by kind: resident, heap, external.',
  },
  memoryLimitBytes: {
    ...{ kind: 'gauge', name: 'millrace_process_memory_limit_bytes', from: 'worker', labels: [] },
    help: 'Memory that this worker could have before something is killed: of its container, else of the machine.',
  },
  loopDelaySeconds: {
    ...{ kind: 'gauge', name: 'millrace_event_loop_delay_seconds', from: 'process', labels: ['kind'] },
    help: 'How late the event loop was since the last scrape, by kind: mean, p95, max.',
  },
  startedAt: {
    ...{ kind: 'gauge', name: 'millrace_process_start_time_seconds', from: 'process', labels: [] },
    help: 'When this process started, seconds since 1970.',
  },

  // producers that have an endpoint of their own
  submissions: {
    ...{ kind: 'counter', name: 'millrace_submissions_total', from: 'producer', labels: ['outcome'] },
    help: 'Calls of submit in this process, by outcome: created, known (the id was submitted before), refused, failed.',
  },
  submitSeconds: {
    ...{ kind: 'histogram', name: 'millrace_submit_duration_seconds', from: 'producer', labels: [] },
    help: 'How long a call of submit took, planning included.',
    buckets: RUN_SECONDS,
  },

  // the pool as a whole, told once, by the exporter
  jobsSubmitted: {
    ...{ kind: 'counter', name: 'millrace_jobs_submitted_total', from: 'exporter', labels: ['queue'] },
    help: 'Jobs written into the pool, whoever did; spawned ones included.',
  },
  jobsSkipped: {
    ...{ kind: 'counter', name: 'millrace_jobs_skipped_total', from: 'exporter', labels: [] },
    help: 'Jobs that ended without running because of how their needs ended.',
  },
  jobsCancelled: {
    ...{ kind: 'counter', name: 'millrace_jobs_cancelled_total', from: 'exporter', labels: [] },
    help: 'Jobs that ended because their workflow was cancelled.',
  },
  jobsDead: {
    ...{ kind: 'counter', name: 'millrace_jobs_dead_total', from: 'exporter', labels: ['task'] },
    help: 'Jobs that failed for good, those whose workers vanished included. Each has a dead letter.',
  },
  deadLettersReplayed: {
    ...{ kind: 'counter', name: 'millrace_dead_letters_replayed_total', from: 'exporter', labels: [] },
    help: 'Dead letters sent back to their queues.',
  },
  deadLetters: {
    ...{ kind: 'gauge', name: 'millrace_dead_letters', from: 'exporter', labels: [] },
    help: 'Dead letters that nobody has replayed or discarded.',
  },
  queueDepth: {
    ...{ kind: 'gauge', name: 'millrace_queue_depth', from: 'exporter', labels: ['queue', 'level'] },
    help: 'Jobs that could run and wait for a slot. Exact up to 500 in a queue; beyond, levels are told from places spread over it, their sum stays exact.',
  },
  oldestSeconds: {
    ...{ kind: 'gauge', name: 'millrace_queue_oldest_job_seconds', from: 'exporter', labels: ['queue', 'level'] },
    help: 'How long the first job of each level has been able to run and has not begun.',
  },
  queueCapacity: {
    ...{ kind: 'gauge', name: 'millrace_queue_capacity', from: 'exporter', labels: ['queue'] },
    help: 'Jobs that may wait in a queue before submissions are refused.',
  },
  queueUsed: {
    ...{ kind: 'gauge', name: 'millrace_queue_capacity_used_ratio', from: 'exporter', labels: ['queue'] },
    help: 'Share of the capacity of a queue that is taken, from 0: queued, delayed, put aside and waiting for needs.',
  },
  queuePaused: {
    ...{ kind: 'gauge', name: 'millrace_queue_paused', from: 'exporter', labels: ['queue'] },
    help: '1 while a queue is paused, else 0.',
  },
  jobsActive: {
    ...{ kind: 'gauge', name: 'millrace_jobs_active', from: 'exporter', labels: ['queue'] },
    help: 'Jobs that workers have taken.',
  },
  jobsDelayed: {
    ...{ kind: 'gauge', name: 'millrace_jobs_delayed', from: 'exporter', labels: ['queue'] },
    help: 'Jobs that wait for a time: their delay, their next attempt, or the end of being put aside.',
  },
  jobsWaiting: {
    ...{ kind: 'gauge', name: 'millrace_jobs_waiting_for_needs', from: 'exporter', labels: ['queue'] },
    help: 'Jobs with needs that have not ended.',
  },
  jobsInLots: {
    ...{ kind: 'gauge', name: 'millrace_parked_jobs', from: 'exporter', labels: ['reason'] },
    help: 'Jobs put aside now, by what they wait for; they are among the delayed.',
  },
  workers: {
    ...{ kind: 'gauge', name: 'millrace_workers', from: 'exporter', labels: [] },
    help: 'Workers whose heartbeat is not older than 30 s.',
  },
  workersUnhealthy: {
    ...{ kind: 'gauge', name: 'millrace_workers_unhealthy', from: 'exporter', labels: [] },
    help: 'Of those, workers with a task that fails there and succeeds elsewhere.',
  },
  poolSlots: {
    ...{ kind: 'gauge', name: 'millrace_pool_slots', from: 'exporter', labels: [] },
    help: 'Slots of all workers.',
  },
  poolActive: {
    ...{ kind: 'gauge', name: 'millrace_pool_active_jobs', from: 'exporter', labels: [] },
    help: 'Attempts that run, as the workers said in their last heartbeats.',
  },
  poolUtilization: {
    ...{ kind: 'gauge', name: 'millrace_pool_utilization_ratio', from: 'exporter', labels: [] },
    help: 'Share of all slots that are in use, from 0 to 1; 0 without workers.',
  },
  pendingPerWorker: {
    ...{ kind: 'gauge', name: 'millrace_pending_jobs_per_worker', from: 'exporter', labels: [] },
    help: 'Jobs that could run, divided by the workers; without workers, all of them. For autoscaling.',
  },
  breakerState: {
    ...{ kind: 'gauge', name: 'millrace_breaker_state', from: 'exporter', labels: ['resource'] },
    help: '0 closed, 1 half-open, 2 open. One value for the whole pool.',
  },
  workflows: {
    ...{ kind: 'gauge', name: 'millrace_workflows', from: 'exporter', labels: ['outcome'] },
    help: 'Workflows that are kept, by state: loading, running, succeeded, failed, cancelled.',
  },
  workflowsFinished: {
    ...{ kind: 'counter', name: 'millrace_workflows_finished_total', from: 'exporter', labels: ['outcome'] },
    help: 'Workflows that ended, by outcome: succeeded, failed, cancelled. One that is replayed and ends again counts again.',
  },
  workflowSeconds: {
    ...{ kind: 'histogram', name: 'millrace_workflow_duration_seconds', from: 'exporter', labels: ['outcome'] },
    help: 'From submission to the end of a workflow, cancelled ones excluded.',
    buckets: WORKFLOW_SECONDS,
  },
  workflowSlack: {
    ...{ kind: 'histogram', name: 'millrace_workflow_slack_seconds', from: 'exporter', labels: [] },
    help: 'Time left to the deadline when a workflow ended; below zero it was late. Only workflows with a deadline.',
    buckets: SLACK_SECONDS,
  },
  mended: {
    ...{ kind: 'counter', name: 'millrace_mended_total', from: 'exporter', labels: ['reason'] },
    help: 'What the sweeper (residue, cancels, late, replays, resumed, loading) and the reconciler (listed, vanished, undecided) finished or mended for others.',
  },
  redisUp: {
    ...{ kind: 'gauge', name: 'millrace_redis_up', from: 'exporter', labels: [] },
    help: '1 when Redis answered the exporter, else 0; the other series of the pool are absent then.',
  },
  redisMemory: {
    ...{ kind: 'gauge', name: 'millrace_redis_memory_bytes', from: 'exporter', labels: [] },
    help: 'Memory that Redis uses.',
  },
  redisMemoryLimit: {
    ...{ kind: 'gauge', name: 'millrace_redis_memory_limit_bytes', from: 'exporter', labels: [] },
    help: 'What Redis may use at most; 0 when nothing is set.',
  },
  scrapeSeconds: {
    ...{ kind: 'gauge', name: 'millrace_exporter_read_seconds', from: 'exporter', labels: [] },
    help: 'How long the last look at the pool took, round trips included.',
  },
} as const satisfies Record<string, Series>

export type SeriesKey = keyof typeof SERIES
