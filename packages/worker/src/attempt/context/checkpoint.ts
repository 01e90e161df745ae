import type { Kept, TaskContext } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import { owned } from './owned.ts'
import { plainText } from './plain-text.ts'

const FIELD = 'checkpoint'

/** `ctx.checkpoint`. One round trip a call. */
export const createCheckpoint = (attempt: Attempt, kept: Kept): TaskContext['checkpoint'] => ({
  save: (state) => owned(attempt, async () => kept.keep(FIELD, plainText('the checkpoint', state))),
  load: <State>() =>
    owned(attempt, async () => {
      const text = await kept.recall(FIELD)
      return text === undefined ? undefined : (JSON.parse(text) as State)
    }),
})
