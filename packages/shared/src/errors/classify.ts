import { type Category, ERRORS, type ErrorCode, SEVERITIES, type Severity } from './catalogue.ts'
import { chainOf, type Link, messageOf, stackOf } from './chain.ts'
import { field } from './field.ts'
import { retryAfterMs } from './http.ts'
import { MillraceError } from './millrace-error.ts'
import { fits, type Rule, type RuleVerdict, SHIPPED_RULES } from './rules.ts'

/** What is to become of a job whose handler threw. */
export interface Judgement {
  readonly code: string
  readonly message: string
  readonly stack: string
  readonly verdict: RuleVerdict
  readonly severity: Severity
  /** One of {@link Category}, or a word of the handler's own. */
  readonly category: string
  /** What a TaskError gave along. */
  readonly context?: Readonly<Record<string, unknown>>
  /** The next attempt comes no earlier than this. */
  readonly delayMs?: number
}

/** What one error of a chain has to say. */
interface Opinion {
  readonly verdict: RuleVerdict
  readonly code: string
  /** Whether the code goes before the one of a TaskError around it. */
  readonly named?: boolean
  readonly severity?: Severity | undefined
  readonly delayMs?: number | undefined
}

/** What a TaskError says besides its verdict. */
interface OwnWords {
  readonly code: string | undefined
  readonly severity: Severity | undefined
  readonly category: string | undefined
  readonly context: Readonly<Record<string, unknown>> | undefined
}

type Ask = (thrown: unknown) => Opinion | undefined
type Choose = (opinions: readonly Opinion[], asked: number) => Opinion | undefined

/**
 * Turns something thrown into a decision. Whoever speaks first is heard:
 *
 * 1. the error itself: BullMQ's UnrecoverableError, and a TaskError that says whether it is `retryable`,
 * 2. the rules of its task, in their order,
 * 3. the catalogue, for an error of Millrace; the shipped rules, for everybody else's.
 *
 * Each looks at the error, then at its cause, and so on inwards. The errors of an AggregateError are asked each: one that
 * forbids another attempt itself forbids it for all; otherwise the mildest rule counts, because one of them may succeed.
 * What nobody speaks about is tried again.
 *
 * @param now ms since 1970, for a `Retry-After` that is a date.
 */
export function classify(thrown: unknown, rules: readonly Rule[], now: number): Judgement {
  const chain = chainOf(thrown)
  const byRules: Ask = (one) => ruleOpinion(one, rules, now)
  const shipped: Ask = (one) => shippedOpinion(one, now)
  const opinion =
    ask(chain, ownOpinion, strictest) ?? ask(chain, byRules, mildest) ?? ask(chain, shipped, mildest) ?? SILENCE

  const own = taskErrorOf(chain)
  const code = opinion.named ? opinion.code : (own?.code ?? opinion.code)
  const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined
  return {
    code,
    message: messageOf(chain),
    stack: stackOf(chain),
    verdict: opinion.verdict,
    severity: own?.severity ?? opinion.severity ?? known?.severity ?? 'medium',
    category: own?.category ?? known?.category ?? ('handler' satisfies Category),
    ...(own?.context && { context: own.context }),
    ...(opinion.delayMs !== undefined && opinion.verdict !== 'bury' && { delayMs: opinion.delayMs }),
  }
}

/** Longer codes and categories are no words. */
const MAX_WORD = 100

const SILENCE: Opinion = { verdict: 'retry', code: 'MILLRACE_TASK_FAILED' satisfies ErrorCode }

function ask(link: Link, asked: Ask, choose: Choose): Opinion | undefined {
  const own = asked(link.thrown) ?? (link.cause && ask(link.cause, asked, choose))
  if (own || link.errors.length === 0) return own
  const opinions = link.errors.map((error) => ask(error, asked, choose)).filter((one) => one !== undefined)
  return choose(opinions, link.errors.length)
}

const strictest: Choose = (opinions) => opinions.find(({ verdict }) => verdict === 'bury') ?? opinions[0]

/** Of those that would try again, the most patient. All must agree on burying: one without an opinion is tried again. */
const mildest: Choose = (opinions, asked) => {
  const again = opinions.filter(({ verdict }) => verdict !== 'bury')
  if (again.length > 0) return again.toSorted((a, b) => (b.delayMs ?? 0) - (a.delayMs ?? 0))[0]
  return opinions.length === asked ? opinions[0] : undefined
}

function ownOpinion(thrown: unknown): Opinion | undefined {
  const name = field(thrown, 'name')
  // by name, not by class: a task folder may have its own copy of the package that the error comes from
  if (name === 'UnrecoverableError') return { verdict: 'bury', code: 'MILLRACE_UNRECOVERABLE' }
  if (name !== 'TaskError') return undefined
  const retryable = field(thrown, 'retryable')
  if (typeof retryable !== 'boolean') return undefined
  return { verdict: retryable ? 'retry' : 'bury', code: SILENCE.code }
}

function ruleOpinion(thrown: unknown, rules: readonly Rule[], now: number): Opinion | undefined {
  const rule = rules.find((one) => fits(one, thrown))
  if (!rule) return undefined
  const named = rule.as ?? (isOwnCode(rule.code) ? rule.code : undefined)
  return {
    verdict: rule.verdict,
    code: named ?? shippedOpinion(thrown, now)?.code ?? SILENCE.code,
    named: named !== undefined,
    severity: rule.severity,
    delayMs: retryAfterMs(thrown, now) ?? rule.delayMs,
  }
}

function shippedOpinion(thrown: unknown, now: number): Opinion | undefined {
  if (thrown instanceof MillraceError) {
    const { verdict } = ERRORS[thrown.code]
    return { verdict: verdict === 'bury' || verdict === 'reject' ? 'bury' : 'retry', code: thrown.code }
  }
  const rule = SHIPPED_RULES.find((one) => fits(one, thrown))
  return rule && { verdict: rule.verdict, code: rule.as as string, delayMs: retryAfterMs(thrown, now) }
}

/** The outermost TaskError of a chain of causes, as far as it can be believed. */
function taskErrorOf({ thrown, cause }: Link): OwnWords | undefined {
  if (field(thrown, 'name') !== 'TaskError') return cause && taskErrorOf(cause)
  const [code, severity, category, context] = ['code', 'severity', 'category', 'context'].map((n) => field(thrown, n))
  return {
    code: isOwnCode(code) ? code : undefined,
    severity: SEVERITIES.find((one) => one === severity),
    category: typeof category === 'string' && category !== '' ? category.slice(0, MAX_WORD) : undefined,
    context: isContext(context) ? context : undefined,
  }
}

/** A code of the handler's own; those of the catalogue are not for it to give. */
const isOwnCode = (code: unknown): code is string =>
  typeof code === 'string' && code !== '' && code.length <= MAX_WORD && !code.startsWith('MILLRACE_')

const isContext = (context: unknown): context is Record<string, unknown> =>
  typeof context === 'object' && context !== null && Object.keys(context).length > 0
