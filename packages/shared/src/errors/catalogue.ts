/** What happens to a job that ends with an error: try again, come back without spending an attempt, or be buried. */
export type Verdict = 'retry' | 'delay' | 'bury' | 'reject'

/** How soon somebody must look, from the least. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Where a failure comes from. `service`: something outside that the handler asked. */
export type Category = 'workflow' | 'input' | 'handler' | 'service' | 'policy' | 'broker' | 'usage' | 'pool'

interface CatalogueEntry {
  readonly verdict: Verdict
  readonly category: Category
  readonly severity: Severity
  /** One sentence for the person on call: what it means and what to do. */
  readonly help: string
}

/** Every code Millrace prints, stores or throws. docs/errors.md has a section for each. */
export const ERRORS = {
  // a workflow that is refused before anything is written
  MILLRACE_WORKFLOW_SYNTAX: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'The text is neither YAML nor JSON: mend the line that is named.',
  },
  MILLRACE_WORKFLOW_SHAPE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A field has the wrong type or value: the message names what is allowed.',
  },
  MILLRACE_WORKFLOW_FIELD_UNKNOWN: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'The field does not exist: the message names the nearest one that does.',
  },
  MILLRACE_WORKFLOW_FIELD_MISSING: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A required field is absent: add it.',
  },
  MILLRACE_WORKFLOW_FIELD_DUPLICATE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A field is given twice: remove one.',
  },
  MILLRACE_VALUE_NOT_JSON: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'JSON cannot carry the value: pass plain data, such as text, numbers, lists and objects.',
  },
  MILLRACE_WORKFLOW_NAME: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'The name has characters that are not allowed: the message lists those that are.',
  },
  MILLRACE_WORKFLOW_EMPTY: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A workflow needs at least one job.',
  },
  MILLRACE_JOB_DUPLICATE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'Two jobs have the same name: rename one.',
  },
  MILLRACE_NEED_UNKNOWN: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A job needs a job that does not exist: the message names the nearest one.',
  },
  MILLRACE_NEED_DUPLICATE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'The same need is listed twice: remove one.',
  },
  MILLRACE_TRIGGER_WITHOUT_NEEDS: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: '`when` looks at how the needs of the job ended, but it has none: add needs, or remove `when`.',
  },
  MILLRACE_WORKFLOW_CYCLE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'Jobs wait for each other: the message shows the path; remove one of its needs.',
  },
  MILLRACE_DURATION: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'Write milliseconds, or a number with a unit such as 500ms, 30s, 5m, 2h or 1d.',
  },
  MILLRACE_DEADLINE_UNREACHABLE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'By the estimates of its jobs, the workflow cannot end by its deadline: allow more time.',
  },
  MILLRACE_REFERENCE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A reference names something that does not exist there: mend it as the message says.',
  },
  MILLRACE_WORKFLOW_TOO_LARGE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'A workflow has too many jobs: split it.',
  },
  MILLRACE_PAYLOAD_TOO_LARGE: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'An input is too large: store the data elsewhere and pass its address.',
  },
  MILLRACE_TASK_NOT_IN_POOL: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'No worker of the pool has this task: start one that has, or mend the name.',
  },
  MILLRACE_INPUT_REFUSED: {
    verdict: 'reject',
    category: 'input',
    severity: 'medium',
    help: 'The input does not fit the task: the message says where.',
  },
  MILLRACE_WORKFLOW_CONFLICT: {
    verdict: 'reject',
    category: 'workflow',
    severity: 'medium',
    help: 'The id belongs to a workflow with other jobs: choose another id.',
  },
  MILLRACE_QUEUE_FULL: {
    verdict: 'retry',
    category: 'pool',
    severity: 'high',
    help: 'The queue holds as many jobs as it may: submit again after `retryAfter` ms, add workers, or raise its capacity.',
  },
  MILLRACE_TENANT_FULL: {
    verdict: 'retry',
    category: 'pool',
    severity: 'medium',
    help: 'The tenant has as many jobs in line as it may: submit again after `retryAfter` ms, or raise its quota.',
  },
  // an attempt that ended badly
  MILLRACE_TASK_UNKNOWN: {
    verdict: 'bury',
    category: 'input',
    severity: 'high',
    help: 'This worker has no task of that name: deploy it, then replay.',
  },
  MILLRACE_INPUT_INVALID: {
    verdict: 'bury',
    category: 'input',
    severity: 'medium',
    help: 'The input does not fit the schema of the task: mend the input or the schema, then replay.',
  },
  MILLRACE_REFERENCE_UNRESOLVED: {
    verdict: 'bury',
    category: 'input',
    severity: 'medium',
    help: 'A reference to the output of a need found nothing there: compare the path with the output.',
  },
  MILLRACE_OUTPUT_INVALID: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'The output does not fit the schema of the task.',
  },
  MILLRACE_OUTPUT_UNSERIALISABLE: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'The handler returned what JSON cannot carry: return plain data.',
  },
  MILLRACE_OUTPUT_TOO_LARGE: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'The output is too large: store it elsewhere and return its address.',
  },
  MILLRACE_TASK_FAILED: {
    verdict: 'retry',
    category: 'handler',
    severity: 'medium',
    help: 'The handler threw: its message and stack say why.',
  },
  MILLRACE_TASK_ASTRAY: {
    verdict: 'retry',
    category: 'handler',
    severity: 'high',
    help: 'The handler threw in a timer or a callback, or left a rejected promise alone: await what it starts.',
  },
  MILLRACE_TASK_EXITED: {
    verdict: 'retry',
    category: 'handler',
    severity: 'high',
    help: 'The handler called process.exit, which would end all jobs of the worker: throw instead.',
  },
  MILLRACE_TASK_TIMEOUT: {
    verdict: 'retry',
    category: 'policy',
    severity: 'medium',
    help: 'The attempt outlived its time limit.',
  },
  MILLRACE_BREAKER_OPEN: {
    verdict: 'delay',
    category: 'policy',
    severity: 'high',
    help: 'A resource is down and its breaker open: the job waits and spends no attempt; see `millrace resource list`.',
  },
  MILLRACE_BULKHEAD_FULL: {
    verdict: 'delay',
    category: 'policy',
    severity: 'low',
    help: 'As many attempts as may talk to the resource or run the task already do: the job waits its turn.',
  },
  MILLRACE_RESOURCE_TIMEOUT: {
    verdict: 'retry',
    category: 'policy',
    severity: 'medium',
    help: 'A call to a resource outlived the time limit of the resource.',
  },
  MILLRACE_RESOURCE_UNKNOWN: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'The handler asked for a resource that nobody defined: define it, or name it in `uses`.',
  },
  MILLRACE_TASK_IDLE: {
    verdict: 'retry',
    category: 'policy',
    severity: 'medium',
    help: 'The handler gave no sign of life for as long as its task allows: call ctx.heartbeat(), or look where it hangs.',
  },
  MILLRACE_SERVICE_BUSY: {
    verdict: 'retry',
    category: 'service',
    severity: 'low',
    help: 'A service asked to be left alone for a while (429 or 503): the next attempt comes no earlier than it said.',
  },
  MILLRACE_SERVICE_REFUSED: {
    verdict: 'bury',
    category: 'service',
    severity: 'medium',
    help: 'A service refused the request (4xx): the same request would be refused again; mend it, then replay.',
  },
  MILLRACE_SERVICE_FAILED: {
    verdict: 'retry',
    category: 'service',
    severity: 'medium',
    help: 'A service could not do what it was asked (5xx, 408 or 425).',
  },
  MILLRACE_NETWORK: {
    verdict: 'retry',
    category: 'service',
    severity: 'medium',
    help: 'A service could not be reached, or did not answer in time.',
  },
  MILLRACE_UNRECOVERABLE: {
    verdict: 'bury',
    category: 'handler',
    severity: 'high',
    help: 'The handler said that trying again is of no use.',
  },
  MILLRACE_STALLED: {
    verdict: 'bury',
    category: 'pool',
    severity: 'high',
    help: 'The workers that ran the job vanished: look for crashes and memory, then replay.',
  },
  MILLRACE_LOCK_LOST: {
    verdict: 'retry',
    category: 'pool',
    severity: 'high',
    help: 'The worker could not renew its lock in time; another worker may have the job.',
  },
  MILLRACE_CANCELLED: { verdict: 'bury', category: 'usage', severity: 'low', help: 'The workflow was cancelled.' },
  MILLRACE_DRAINED: {
    verdict: 'delay',
    category: 'pool',
    severity: 'low',
    help: 'The worker shut down; the job went back to its queue without spending an attempt.',
  },
  MILLRACE_VALUE_TOO_LARGE: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'A checkpoint, a recorded result, a shared value or a chunk is too large: store the data elsewhere and keep its address.',
  },
  MILLRACE_CONTEXT_CONTENDED: {
    verdict: 'retry',
    category: 'handler',
    severity: 'medium',
    help: 'Too many jobs changed the same value of the workflow at once: let each job have a value of its own.',
  },
  MILLRACE_CACHE_AWAITED: {
    verdict: 'delay',
    category: 'policy',
    severity: 'low',
    help: 'An equal job is at work; this one waits for its output and spends no attempt.',
  },
  MILLRACE_ISOLATE_EXITED: {
    verdict: 'retry',
    category: 'handler',
    severity: 'high',
    help: 'The process of an isolated task ended before its handler did: it exited, or crashed.',
  },
  MILLRACE_ISOLATE_MEMORY: {
    verdict: 'retry',
    category: 'handler',
    severity: 'high',
    help: 'The process of an isolated task ran out of memory: let the task declare more, or mend its leak.',
  },
  MILLRACE_ISOLATE_BLOCKED: {
    verdict: 'retry',
    category: 'handler',
    severity: 'high',
    help: 'The handler of an isolated task kept its event loop busy for too long: work in pieces, or allow more.',
  },
  MILLRACE_MEMORY_RESERVED: {
    verdict: 'delay',
    category: 'pool',
    severity: 'low',
    help: 'What the task declares to need did not fit beside what runs; the job comes back by itself.',
  },
  MILLRACE_WORKER_UNHEALTHY: {
    verdict: 'delay',
    category: 'pool',
    severity: 'medium',
    help: 'The task fails on one worker and succeeds on others; its jobs are left to those: look at that worker.',
  },
  MILLRACE_PAUSED: {
    verdict: 'delay',
    category: 'usage',
    severity: 'low',
    help: 'Somebody paused the task or the workflow: the job waits until it is resumed.',
  },
  MILLRACE_LIMIT_REACHED: {
    verdict: 'delay',
    category: 'policy',
    severity: 'low',
    help: 'As many attempts as the limit of the task or the tenant allows have begun; the job waits and spends no attempt.',
  },
  // the tools
  MILLRACE_BROKER_UNREACHABLE: {
    verdict: 'delay',
    category: 'broker',
    severity: 'critical',
    help: 'Redis does not answer at the address that is named: start it or mend REDIS_URL.',
  },
  MILLRACE_BROKER_MISSING: {
    verdict: 'reject',
    category: 'broker',
    severity: 'critical',
    help: 'No Redis was found or could be installed: the message names the three ways to get one.',
  },
  MILLRACE_ENGINE_UNPROVEN: {
    verdict: 'reject',
    category: 'pool',
    severity: 'critical',
    help: 'The engine could not prove itself against this Redis and this BullMQ: the worker does not start.',
  },
  MILLRACE_SETTING_INVALID: {
    verdict: 'reject',
    category: 'usage',
    severity: 'medium',
    help: 'A setting is wrong or unknown: all problems are listed.',
  },
  MILLRACE_TASKS_INVALID: {
    verdict: 'reject',
    category: 'usage',
    severity: 'high',
    help: 'The task folder could not be loaded: every problem is listed with its file.',
  },
  MILLRACE_PORT_TAKEN: {
    verdict: 'reject',
    category: 'usage',
    severity: 'medium',
    help: 'The port for /metrics, /livez and /readyz cannot be opened: choose another.',
  },
  MILLRACE_USAGE: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The command was used wrongly: see --help.',
  },
  MILLRACE_WORKFLOW_NOT_FOUND: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'No workflow has this id; `millrace list` shows those that exist.',
  },
  MILLRACE_RERUN_REFUSED: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The workflow cannot be run again from that job: the message says what stands in the way.',
  },
  MILLRACE_SCHEDULE_INVALID: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The name, the times or the zone of a schedule cannot be used: the message lists every problem.',
  },
  MILLRACE_SCHEDULE_NOT_FOUND: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'No schedule has this name; `millrace schedule list` shows those that exist.',
  },
  MILLRACE_DEAD_LETTER_NOT_FOUND: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'No dead letter has this id; it may have been replayed or discarded already.',
  },
  MILLRACE_REPLAY_NOT_FOUND: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'No paced replay has this id; `millrace dlq replay --status` shows the last ones.',
  },
  MILLRACE_SPAWN_REFUSED: {
    verdict: 'bury',
    category: 'handler',
    severity: 'medium',
    help: 'The jobs to spawn were refused: the message lists every problem.',
  },
  // the REST API
  MILLRACE_REQUEST_INVALID: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The request does not fit what the address takes: every problem is listed.',
  },
  MILLRACE_UNAUTHENTICATED: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The request names no token that is known: send `Authorization: Bearer <token>`, or sign in.',
  },
  MILLRACE_FORBIDDEN: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The role of the token does not allow this, or the request came from another site.',
  },
  MILLRACE_ADDRESS_UNKNOWN: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'Nothing answers at this address and method: /api/v1/openapi.json lists all that do.',
  },
  MILLRACE_JOB_NOT_FOUND: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'The workflow has no job of this name, or there is no such workflow.',
  },
  MILLRACE_TOO_MANY_REQUESTS: {
    verdict: 'reject',
    category: 'usage',
    severity: 'low',
    help: 'More requests came than are allowed: wait as long as `Retry-After` says.',
  },
  MILLRACE_DEFECT: {
    verdict: 'reject',
    category: 'usage',
    severity: 'high',
    help: 'Something went wrong inside Millrace itself: its log has the reason under the id of the request.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof ERRORS
