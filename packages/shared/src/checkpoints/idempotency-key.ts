import { createHash } from 'node:crypto'

/** Which effect of which job; the same for all of its attempts. */
export interface EffectOf {
  readonly namespace: string
  readonly workflow: string
  readonly job: string
  readonly key: string
}

/**
 * What to give a service outside that forgets repetitions by key: 43 letters, digits, `_` and `-`, the same for every
 * attempt of a job, on every worker, after every replay, and different for every other job and key.
 */
export const idempotencyKey = ({ namespace, workflow, job, key }: EffectOf): string =>
  createHash('sha256')
    .update(JSON.stringify([namespace, workflow, job, key]))
    .digest('base64url')
