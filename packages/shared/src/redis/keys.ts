/**
 * Every Redis key of a pool, built in one place. All of them carry the shard's hash tag `{<namespace>:0}`, so that one
 * script may touch them all, on a single Redis as on a cluster.
 *
 * BullMQ's own keys are `<prefix>:<queue>:<type>` and `<prefix>:<queue>:<job id>`; ours use a slash after the prefix,
 * which no queue name can produce.
 */
export interface PoolKeys {
  readonly namespace: string
  /** BullMQ's `prefix` option. */
  readonly prefix: string
  /** HASH: the header of a workflow (name, state, counters, times). */
  workflow(id: string): string
  /** LIST: `<queue>:<job id>` of every job of a workflow, in order of insertion. */
  jobs(id: string): string
  /** LIST: the jobs without needs of a workflow that was loaded in several steps; they wait for the header. */
  roots(id: string): string
  /** SET: jobs of a workflow that somebody removed behind our back. */
  vanished(id: string): string
  /** ZSET per state: workflow id, scored by its time of submission in ms. */
  index(state: string): string
  /** LIST: ends of jobs whose dependents are not all informed yet. */
  readonly residue: string
  /** SET: dead letters whose replay has begun and not ended. */
  readonly replays: string
  /** LIST: what the replay of one dead letter must still re-arm. */
  frontier(deadLetter: string): string
  /** HASH: dead letter → its brief: what it is filtered and counted by. */
  readonly briefs: string
  /** HASH: queue → how long and how many of its dead letters are kept, as JSON. */
  readonly retention: string
  /** STRING: how far the sweeper is in looking for what is not kept any more, as JSON. */
  readonly retentionWalk: string
  /** ZSET: paced replays by when they were ordered, ms. */
  readonly pacedReplays: string
  /** SET: paced replays with something left to do. */
  readonly pacedOpen: string
  /** STRING with an expiry: which process moves the paced replays on. */
  readonly pacedLease: string
  /** HASH: what a paced replay is to do and has done. */
  paced(id: string): string
  /** LIST, HASH, LIST: letters to be replayed; those being replayed; those whose jobs have not ended again. */
  pacedPart(id: string, part: 'letters' | 'hand' | 'sent'): string
  /** STREAM: what operators did. */
  readonly audit: string
  /** SET: workflows whose cancelling has begun and not ended. */
  readonly cancels: string
  /** ZSET: workflow ids by the time at which they are cancelled, ms. */
  readonly deadlines: string
  /** ZSET: `<queue>:<job id>` of jobs that wait for the same thing, the most urgent first. */
  lot(name: string): string
  /** HASH: lot → time of the last parking in it, ms. */
  readonly lots: string
  /** HASH: breaker that is not closed → its state, as JSON. */
  readonly breakers: string
  /** STRING: `<key of the lock>\n<token>` of the attempt that probes for a half-open breaker. */
  breakerProbe(name: string): string
  /** STRING with an expiry: the opening for which a job was called back to probe, and the job. */
  breakerCall(name: string): string
  /** Channel: breakers that open and close. */
  readonly breakerSignals: string
  /** HASH: resource → what a worker last said of it, as JSON. */
  readonly resources: string
  /** HASH: lot of what is paused → since when, ms. */
  readonly pauses: string
  /** ZSET: lots whose jobs may still have to be called back, by the time at which they were resumed, ms. */
  readonly resumes: string
  /** STRING: counts what concerns all workers at once; also the channel on which it is announced. */
  readonly orders: string
  /** HASH: what the last run of a schedule came to. */
  schedule(name: string): string
  /** HASH: queue → how many jobs may wait in it; absent: the default. */
  readonly capacities: string
  /** HASH: queue → jobs of workflows that are being loaded and not written yet. */
  readonly reserved: string
  /** HASH: tenant → `<most in line>:<most active>`, either may be empty. */
  readonly quotas: string
  /** HASH: tenant → jobs that have not ended. */
  readonly open: string
  /** STRING with an expiry: id of the workflow that was submitted with this key of deduplication. */
  dedup(key: string): string
  /** HASH: lot of a limit → `<slots>:<max>:<ms>`, for whoever calls back from it. */
  readonly rules: string
  /** HASH: the attempts that run under a limit, with the tokens of their locks. */
  used(lot: string): string
  /** ZSET: `<suffix>#<token>` of the attempts that began under a limit, by when, us of Redis's clock. */
  begun(lot: string): string
  /** HASH: task → quantiles of its run times, in buckets, as JSON. */
  readonly estimates: string
  /** HASH: bucket of run times of a task → how many attempts took so long. */
  sketch(task: string): string
  /** HASH: the epoch of all numbers, and when the line of those without a tenant ends, by level; ms. */
  readonly scheduling: string
  /** ZSET: tenants by when their line in a level ends, ms. */
  tenants(level: string): string
  /** ZSET: fingerprints of failures, by the time they were last seen. */
  readonly failures: string
  /** HASH: what is known of the failures with a fingerprint. */
  failure(fingerprint: string): string
  /** HyperLogLog: workflows that failures with a fingerprint hit. */
  failureWorkflows(fingerprint: string): string
  /** HASH: task → its time limit, why, since when, and those before, as JSON. */
  readonly timeLimits: string
  /** HASH: task → time limit that somebody fixed by hand, ms. */
  readonly timeLimitsByHand: string
  /** HASH: worker id → its last heartbeat. */
  readonly workers: string
  /** HASH: `<task>@<version of workers>` → JSON Schema of its input. */
  readonly inputSchemas: string
  /** STRING with an expiry: which process sweeps. */
  readonly sweeperLease: string
  /** HASH: what the pool has done since it began: see engine/totals.lua. */
  readonly totals: string
  /** HASH: what the sweeper and the reconciler mended, by kind. */
  readonly mended: string
  /** HASH: a BullMQ job. */
  job(queue: string, id: string): string
  /** STRING with an expiry: the token of the attempt that has the job. */
  lock(queue: string, id: string): string
  /** HASH: what the attempts of a job keep for each other: the checkpoint, recorded results, their size in bytes. */
  kept(queue: string, id: string): string
  /** HASH: what the jobs of a workflow share, and its size in bytes. */
  context(id: string): string
  /** STREAM with an expiry: what the jobs of a workflow emitted. */
  chunks(id: string): string
  /** STRING with an expiry: the output of a task for one input. */
  cached(task: string, hash: string): string
  /** HASH with an expiry: the attempt that computes that output now. */
  flight(task: string, hash: string): string
  /** ZSET: hashes of a task's cached outputs by the time at which they expire, ms. */
  cacheIndex(task: string): string
  /** HASH, HASH, ZSET: what a task's cache compares for likeness: vectors, entries, and their ids by expiry, ms. */
  similar(scope: string, part: 'vectors' | 'entries' | 'index'): string
  /** Any other key of a BullMQ queue: `wait`, `meta`, `waiting-children`, … */
  queue(queue: string, type: string): string
  /** SET: names of the queues that ever received a job. */
  readonly queues: string
  /** Channel: ends of jobs and of the workflow itself. */
  events(id: string): string
  /** Channel: ids of workflows that were cancelled. */
  readonly cancellations: string
  /** Channel: tasks whose time limit was fixed or freed by hand. */
  readonly timeLimitChanges: string
}

/** Name of the queue that holds the dead letters; nobody works on it. */
export const DEAD_LETTERS = 'dead-letters'

export const DEFAULT_NAMESPACE = 'millrace'

/** The keys of the pool `namespace`: letters, digits, `_`, `-` and `.` only, since it becomes part of a hash tag. */
export function poolKeys(namespace: string = DEFAULT_NAMESPACE): PoolKeys {
  if (!/^[\w.-]{1,64}$/.test(namespace)) {
    throw new TypeError(`namespace is ${JSON.stringify(namespace)}; use 1 to 64 letters, digits, "_", "-" or "."`)
  }
  return keysUnder(`{${namespace}:0}`, namespace)
}

/** Keys for trying something out beside a pool: under its prefix, so that whoever may use the pool may use them. */
export const scratchKeys = (pool: PoolKeys, name: string): PoolKeys =>
  keysUnder(`${pool.prefix}/scratch/${name}`, pool.namespace)

function keysUnder(prefix: string, namespace: string): PoolKeys {
  const workflow = (id: string) => `${prefix}/workflow/${id}`
  return {
    namespace,
    prefix,
    workflow,
    jobs: (id) => `${workflow(id)}/jobs`,
    roots: (id) => `${workflow(id)}:more`,
    vanished: (id) => `${workflow(id)}/vanished`,
    index: (state) => `${prefix}/workflows/${state}`,
    residue: `${prefix}/residue`,
    replays: `${prefix}/replays`,
    frontier: (deadLetter) => `${prefix}/replay/${deadLetter}`,
    briefs: `${prefix}/briefs-by-place`,
    retention: `${prefix}/retention`,
    retentionWalk: `${prefix}/retention/walk`,
    pacedReplays: `${prefix}/paced`,
    pacedOpen: `${prefix}/paced-open`,
    pacedLease: `${prefix}/paced-lease`,
    paced: (id) => `${prefix}/paced/${id}`,
    pacedPart: (id, part) => `${prefix}/paced/${id}/${part}`,
    audit: `${prefix}/audit`,
    cancels: `${prefix}/cancels`,
    deadlines: `${prefix}/deadlines`,
    lot: (name) => `${prefix}/lot/${name}`,
    lots: `${prefix}/lots`,
    breakers: `${prefix}/breakers`,
    breakerProbe: (name) => `${prefix}/breaker/${name}/probe`,
    breakerCall: (name) => `${prefix}/breaker/${name}/call`,
    breakerSignals: `${prefix}/breaker-signals`,
    resources: `${prefix}/resources`,
    pauses: `${prefix}/pauses`,
    resumes: `${prefix}/resumes`,
    orders: `${prefix}/orders`,
    schedule: (name) => `${prefix}/schedule/${name}`,
    capacities: `${prefix}/capacities`,
    reserved: `${prefix}/reserved`,
    quotas: `${prefix}/quotas`,
    open: `${prefix}/open`,
    dedup: (key) => `${prefix}/dedup/${key}`,
    rules: `${prefix}/rules`,
    used: (lot) => `${prefix}/used/${lot}`,
    begun: (lot) => `${prefix}/begun/${lot}`,
    estimates: `${prefix}/estimates`,
    sketch: (task) => `${prefix}/sketch/${task}`,
    scheduling: `${prefix}/scheduling`,
    tenants: (level) => `${prefix}/tenants/${level}`,
    failures: `${prefix}/failures`,
    failure: (fingerprint) => `${prefix}/failure/${fingerprint}`,
    failureWorkflows: (fingerprint) => `${prefix}/failure/${fingerprint}/workflows`,
    timeLimits: `${prefix}/time-limits`,
    timeLimitsByHand: `${prefix}/time-limits/by-hand`,
    workers: `${prefix}/workers`,
    inputSchemas: `${prefix}/input-schemas`,
    sweeperLease: `${prefix}/sweeper`,
    totals: `${prefix}/totals`,
    mended: `${prefix}/mended`,
    job: (queue, id) => `${prefix}:${queue}:${id}`,
    lock: (queue, id) => `${prefix}:${queue}:${id}:lock`,
    kept: (queue, id) => `${prefix}:${queue}:${id}:kept`,
    context: (id) => `${workflow(id)}/context`,
    chunks: (id) => `${workflow(id)}/chunks`,
    cached: (task, hash) => `${prefix}/cache/${task}/${hash}`,
    flight: (task, hash) => `${prefix}/cache/${task}/${hash}/flight`,
    cacheIndex: (task) => `${prefix}/cache/${task}`,
    similar: (scope, part) => `${prefix}/similar/${scope}/${part}`,
    queue: (queue, type) => `${prefix}:${queue}:${type}`,
    queues: `${prefix}/queues`,
    events: (id) => `${prefix}/events/${id}`,
    cancellations: `${prefix}/cancellations`,
    timeLimitChanges: `${prefix}/time-limit-changes`,
  }
}
