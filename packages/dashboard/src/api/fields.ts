import { MAX_DURATION_MS, parseDuration } from '@millrace/shared'
import { z } from 'zod'

/** Ids of workflows appear in keys and URLs. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/, 'expected letters, digits, "_" or "-", 128 at most')

/** Names of jobs, and of the parts a job fans out into. */
export const jobName = z.string().min(1).max(512)

export const queueName = z.string().regex(/^[\w.-]{1,128}$/, 'expected letters, digits, "_", "-" or "."')

/** A resource, or `task/<name>` for a task that has a breaker of its own. */
export const resourceName = z
  .string()
  .regex(/^[\w.-]{1,128}(?:\/[\w.-]{1,128})?$/, 'expected letters, digits, "_", "-", "." or "/"')

/** A duration as workflow files have it; read as ms. */
export const duration = z.union([z.number(), z.string()]).transform((value, context) => {
  const ms = parseDuration(value)
  if (ms !== undefined && ms <= MAX_DURATION_MS) return ms
  context.addIssue('expected milliseconds, or a number with a unit such as 30s, 5m or 2h')
  return z.NEVER
})

/** A whole number in a query. */
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `expected a whole number from ${least} to ${most}`)

/** How many to give at most. */
export const limit = (most: number, usual: number) => whole(1, most).prefault(`${usual}`)

/** The place of a dead letter among all of the pool. */
export const place = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the `next` of the page before')
  .transform(Number)
