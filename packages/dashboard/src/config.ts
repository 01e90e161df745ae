import { LOG_LEVELS, MillraceError, parseDuration } from '@millrace/shared'
import { z } from 'zod'
import { isLoopback } from './auth/origin.ts'
import { readTokens, type Token } from './auth/tokens.ts'

const whole = (least: number, most: number) => {
  const say = `a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+$/, say)
    .transform(Number)
    .refine((value) => value >= least && value <= most, say)
}

const duration = (leastMs: number) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= leastMs) return ms
    context.addIssue(`expected a duration of at least ${leastMs} ms, such as 30m or 12h`)
    return z.NEVER
  })

const tokens = z.string().transform((text, context): readonly Token[] => {
  const read = readTokens(text)
  if (typeof read !== 'string') return read
  context.addIssue(read)
  return z.NEVER
})

/** Every setting of the dashboard; docs/configuration.md has a row for each. */
const SETTINGS = {
  REDIS_URL: z
    .string()
    .refine((text) => /^rediss?:\/\/[^/]/.test(text) && URL.canParse(text), 'expected redis://… or rediss://…')
    .default('redis://127.0.0.1:6379'),
  MILLRACE_NAMESPACE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'use 1 to 64 letters, digits, "_", "-" or "."')
    .default('millrace'),
  /** The address to listen on. Without tokens only one of this machine. */
  MILLRACE_DASHBOARD_HOST: z.string().default('127.0.0.1'),
  /** 0: any free port. */
  MILLRACE_DASHBOARD_PORT: whole(0, 65_535).prefault('4280'),
  /** `<role>:<token>`, separated by commas. */
  MILLRACE_DASHBOARD_TOKENS: tokens.prefault(''),
  /** Requests per minute from one address. */
  MILLRACE_DASHBOARD_RATE_LIMIT: whole(10, 1_000_000).prefault('1200'),
  /** Longest body of a request, in bytes. */
  MILLRACE_DASHBOARD_MAX_BODY_BYTES: whole(1_024, 256 * 1024 * 1024).prefault('8388608'),
  /** How long somebody who signed in stays so. */
  MILLRACE_DASHBOARD_SESSION: duration(60_000).prefault('12h'),
  /** Believe `X-Forwarded-*`: only behind a proxy that sets them. */
  MILLRACE_DASHBOARD_TRUST_PROXY: z.enum(['true', 'false'], 'true or false').default('false'),
  MILLRACE_LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
}

export type Setting = keyof typeof SETTINGS

export interface DashboardConfig {
  readonly redisUrl: string
  readonly namespace: string
  readonly host: string
  readonly port: number
  readonly tokens: readonly Token[]
  readonly rateLimit: number
  readonly maxBodyBytes: number
  readonly sessionMs: number
  readonly trustProxy: boolean
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/**
 * Reads the dashboard's settings. An empty value counts as none; settings of other programs are not looked at.
 *
 * @throws MillraceError MILLRACE_SETTING_INVALID with every problem, names that do not exist among them.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): DashboardConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const unknown = Object.keys(given).filter((name) => name.startsWith('MILLRACE_DASHBOARD_') && !isKnown(name))
  const parsed = z.object(SETTINGS).safeParse(given)
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
    ...unknown.map((name) => `${name}: there is no such setting; there are ${Object.keys(SETTINGS).join(', ')}`),
    ...(parsed.success ? exposureProblems(parsed.data) : []),
  ]
  if (!parsed.success || problems.length > 0) {
    const list = problems.map((problem) => `- ${problem}`).join('\n')
    throw new MillraceError('MILLRACE_SETTING_INVALID', `The settings cannot be used:\n${list}`)
  }
  const { data } = parsed
  return Object.freeze({
    redisUrl: data.REDIS_URL,
    namespace: data.MILLRACE_NAMESPACE,
    host: data.MILLRACE_DASHBOARD_HOST,
    port: data.MILLRACE_DASHBOARD_PORT,
    tokens: data.MILLRACE_DASHBOARD_TOKENS,
    rateLimit: data.MILLRACE_DASHBOARD_RATE_LIMIT,
    maxBodyBytes: data.MILLRACE_DASHBOARD_MAX_BODY_BYTES,
    sessionMs: data.MILLRACE_DASHBOARD_SESSION,
    trustProxy: data.MILLRACE_DASHBOARD_TRUST_PROXY === 'true',
    logLevel: data.MILLRACE_LOG_LEVEL,
  })
}

const isKnown = (name: string) =>
  name in SETTINGS || /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name)

/** Whoever reaches a dashboard without tokens may do anything, so only this machine may reach it. */
function exposureProblems(data: { MILLRACE_DASHBOARD_HOST: string; MILLRACE_DASHBOARD_TOKENS: readonly Token[] }) {
  const { MILLRACE_DASHBOARD_HOST: host, MILLRACE_DASHBOARD_TOKENS: tokens } = data
  if (tokens.length > 0 || isLoopback(host)) return []
  return [
    `MILLRACE_DASHBOARD_HOST: ${JSON.stringify(host)} can be reached from other machines, and there are no tokens; ` +
      'set MILLRACE_DASHBOARD_TOKENS=admin:<token>, or listen on 127.0.0.1',
  ]
}
