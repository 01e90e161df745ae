export { type AuditEntry, type AuditFilter, type AuditRecord, appendAudit, scanAudit } from './audit/audit.ts'
export { cacheHash } from './cache/hash.ts'
export { abandonFlight, boardFlight, type CacheEntry, flightLot, landFlight } from './cache/outputs.ts'
export { findSimilar, keepSimilar, type Similar } from './cache/similar.ts'
export { type Direction, directionOf } from './cache/vector.ts'
export { DEFAULT_CAPACITY, readCapacity, setCapacity } from './capacity/capacities.ts'
export type { Dedup } from './capacity/demand.ts'
export { type Quota, readQuotas, readTenants, setQuota, type TenantView, tenantLot } from './capacity/quotas.ts'
export { idempotencyKey } from './checkpoints/idempotency-key.ts'
export { type Kept, keptByJob, keptByWorkflow } from './checkpoints/kept.ts'
export { orderAll } from './control/order.ts'
export { PAUSABLE, type Pausable, type Pause, pause, readPausedLots, readPauses, resume } from './control/pauses.ts'
export { type Advice, REMEDIES, type Remedy } from './dead-letters/advice.ts'
export { scanBriefs } from './dead-letters/briefs/scan.ts'
export { discardDeadLetters } from './dead-letters/discard.ts'
export { type Edit, prepareEdit, writeEdit } from './dead-letters/edit.ts'
export { exportDeadLetters } from './dead-letters/export.ts'
export { type Imported, importDeadLetters } from './dead-letters/import.ts'
export { applyPatch, type PatchOperation, setOperations } from './dead-letters/json-patch.ts'
export { type DeadLetterPage, queryDeadLetters, readDeadLetter, scanDeadLetters } from './dead-letters/list.ts'
export { type ReplayOutcome, replayDeadLetter } from './dead-letters/replay.ts'
export { type DeadLetterGroup, deadLetterStats } from './dead-letters/stats.ts'
export { type DeadLetterStory, readDeadLetterStory } from './dead-letters/story.ts'
export { cancelWorkflow } from './engine/cancel.ts'
export { type AttemptFailure, isNoted, noteFailure } from './engine/failure.ts'
export { ingest } from './engine/ingest.ts'
export { type JobData, jobId } from './engine/job-data.ts'
export { itemsOutput, readNeedSpans, readNeeds } from './engine/needs.ts'
export { reportProgress } from './engine/progress.ts'
export { type Revival, reviveWorkflow } from './engine/revive.ts'
export { carrierOf, noteSpan } from './engine/span.ts'
export { type LockedJob, MAX_JOBS, spawnJobs, suspendSpawner } from './engine/spawn.ts'
export { type Category, ERRORS, type ErrorCode, SEVERITIES, type Severity, type Verdict } from './errors/catalogue.ts'
export { classify, type Judgement } from './errors/classify.ts'
export { statusOf } from './errors/http.ts'
export { MillraceError } from './errors/millrace-error.ts'
export { RULE_VERDICTS, type Rule, type RuleVerdict } from './errors/rules.ts'
export { TaskError } from './errors/task-error.ts'
export { readEstimates, type TaskEstimate, taskEstimates, taskQuantile } from './estimates/estimates.ts'
export { type Batch, createBatch, measure } from './estimates/measure.ts'
export { aggregateFailures, type Threshold } from './failures/aggregate.ts'
export { createFailureBatch, type FailureBatch } from './failures/batch.ts'
export { type FailureFilter, type FailureView, failures, readFailure } from './failures/failures.ts'
export { type Fingerprint, fingerprintOf } from './failures/fingerprint.ts'
export { type Admission, admitJob, type LaterCall, leaveLimits } from './limits/admit.ts'
export { callBack } from './limits/call-back.ts'
export type { LimitRule } from './limits/rule.ts'
export { brokerCheck } from './observability/broker-check.ts'
export { poolExporter } from './observability/exporter.ts'
export { createHistogram, type Histogram } from './observability/histogram.ts'
export { createLogger, LOG_LEVELS, type Logger, type LoggerOptions, type LogLevel } from './observability/logger.ts'
export { SERIES, type Series, type SeriesKey } from './observability/metrics.ts'
export { type Check, type OpsOptions, type OpsServer, opsAnswers, serveOps } from './observability/ops-server.ts'
export { processSamples } from './observability/process-samples.ts'
export { createRegistry, type MetricsRegistry } from './observability/registry.ts'
export type { SampleSource, Samples } from './observability/samples.ts'
export {
  type AttemptTrace,
  openTracing,
  type Tracing,
  type TracingSettings,
  traceIdOf,
  tracingSettings,
} from './observability/tracing.ts'
export { leaveLot } from './parking/leave-lot.ts'
export { type LotView, readLots } from './parking/lots.ts'
export { type Parking, parkJob } from './parking/park.ts'
export { tidyLots } from './parking/tidy.ts'
export { unparkJobs } from './parking/unpark.ts'
export {
  type AnnouncedTask,
  HEARTBEAT_EVERY_MS,
  type Heartbeat,
  knownTasks,
  publishHeartbeat,
  readWorkers,
  type WorkerView,
  withdrawHeartbeat,
} from './pool/heartbeat.ts'
export { type InputSchema, type JsonSchema, publishInputSchemas, readInputSchemas } from './pool/input-schemas.ts'
export { listeningTo } from './pool/listening.ts'
export { packageVersion } from './pool/package-version.ts'
export { openSignals, type Signals } from './pool/signals.ts'
export { explainJob, explainQueue, explainWorkflow } from './reasons/explain.ts'
export {
  type FrontierGroup,
  type JobReasons,
  type LimitUse,
  type QueueReasons,
  REASON_CODES,
  type Reason,
  type ReasonCode,
  type Reasons,
  type ScheduleReasons,
  type StartEstimate,
  type WorkflowReasons,
} from './reasons/reason.ts'
export { scheduleReasons } from './reasons/schedule.ts'
export { type BrokerOptions, connectBroker, redactUrl } from './redis/connection.ts'
export { DEAD_LETTERS, DEFAULT_NAMESPACE, type PoolKeys, poolKeys } from './redis/keys.ts'
export { driveReplays } from './replays/drive.ts'
export { orderReplay } from './replays/order.ts'
export { type Rehearsal, rehearseReplay } from './replays/rehearse.ts'
export { type ReplayOrder, startReplay } from './replays/start.ts'
export { readStopRule, type StopRule } from './replays/stop-rule.ts'
export { listReplays, type ReplayState, type ReplayView, readReplay } from './replays/view.ts'
export type { RerunChoice } from './reruns/choose.ts'
export { planRerun, type Rerun, startRerun } from './reruns/rerun.ts'
export {
  type BreakerState,
  closeBreaker,
  hearBreaker,
  type OpenedBy,
  openBreaker,
  type ProbeReply,
  prepareBreakers,
  readBreakers,
  returnProbe,
  takeProbe,
} from './resources/breakers.ts'
export { callForProbe } from './resources/call-for-probe.ts'
export { callWaiting } from './resources/call-waiting.ts'
export { type KnownResource, knownResources, publishResources } from './resources/known.ts'
export { type ResourceView, readResources } from './resources/view.ts'
export { DEFAULT_RETENTION, type Retention, type RetentionRule, readRetention, setRetention } from './retention/rule.ts'
export { lastRun, runSchedule } from './schedules/run.ts'
export {
  OVERLAPS,
  type Overlap,
  type RunOutcome,
  SCHEDULES,
  type Schedule,
  type ScheduleRun,
  type ScheduleView,
} from './schedules/schedule.ts'
export { type Estimates, guessedDurations } from './scheduling/durations.ts'
export { SCHEDULINGS, type Scheduling } from './scheduling/places.ts'
export { type CriticalPath, criticalPath } from './scheduling/ranks.ts'
export { DEFAULT_WEIGHTS, type Weights, withWeights } from './scheduling/weights.ts'
export { appendChunks } from './streams/chunks.ts'
export type { CacheOptions, Once, TaskCache } from './tasks/durable.ts'
export type {
  BreakerOptions,
  BreakerRule,
  BulkheadOptions,
  BulkheadRule,
  Resource,
  ResourceHandle,
  ResourceOptions,
} from './tasks/resource.ts'
export type { ErrorRule, Handler, Task, TaskContext, TaskOptions } from './tasks/task.ts'
export {
  readTimeLimits,
  recordTimeLimit,
  setTimeLimit,
  type TimeLimitChange,
  type TimeLimitRecord,
} from './time-limits/time-limits.ts'
export { purgeWorkflow } from './upkeep/purge.ts'
export { rebase } from './upkeep/rebase.ts'
export { type Mended, reconcile } from './upkeep/reconcile.ts'
export { type SweepOptions, type Swept, sweepOnce, sweepPool } from './upkeep/sweep.ts'
export { readJobDetail } from './views/job-detail.ts'
export { readPoolCounts } from './views/pool-counts.ts'
export { listWorkflows, readSummary, readView } from './views/status.ts'
export { listTasks, readTask, type TaskDetails, type TaskView } from './views/tasks.ts'
export type {
  ChunkEvent,
  DeadLetter,
  DeadLetterFilter,
  JobCounts,
  JobDetail,
  JobView,
  PastAttempt,
  PoolCounts,
  QueueView,
  WorkflowEvent,
  WorkflowSummary,
  WorkflowView,
} from './views/views.ts'
export { watchWorkflow } from './views/watch.ts'
export type { KnownTask, KnownTasks } from './workflow/checks/tasks.ts'
export type { Duration, JobDefinition, RetryDefinition, WorkflowDefinition } from './workflow/definition.ts'
export { MAX_DURATION_MS, parseDuration } from './workflow/duration.ts'
export { type Expansion, expandForeach, type ForeachItems, foreachItems } from './workflow/foreach.ts'
export { findCycles } from './workflow/graph/cycles.ts'
export { dependentsOf } from './workflow/graph/dependents.ts'
export { topologicalOrder } from './workflow/graph/order.ts'
export { GRAPH_FORMATS, type GraphFormat, type GraphJob, renderGraph } from './workflow/graph/render.ts'
export type { Issue } from './workflow/issue.ts'
export type { Json } from './workflow/json.ts'
export { DEFAULT_LIMITS, type Limits } from './workflow/limits.ts'
export { didYouMean, nearestOf } from './workflow/nearest.ts'
export type { Plan, PlannedJob, RetryPlan } from './workflow/plan.ts'
export { type Planning, type PlanOptions, planWorkflow } from './workflow/plan-workflow.ts'
export { workflowJsonSchema } from './workflow/reading/json-schema.ts'
export {
  escapeReferences,
  hasRunTimeReferences,
  type ReferenceScope,
  type Resolved,
  resolveReferences,
} from './workflow/references/resolve.ts'
export { type SpawnOptions, type SpawnPlanning, spawnPlan } from './workflow/spawn-plan.ts'
export * from './workflow/states.ts'
