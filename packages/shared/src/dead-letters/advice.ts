import { ERRORS } from '../errors/catalogue.ts'

/** What to do about dead letters that died of the same. */
export const REMEDIES = ['replay', 'wait', 'mend-code', 'mend-input', 'mend-pool', 'look'] as const
export type Remedy = (typeof REMEDIES)[number]

export interface Advice {
  readonly remedy: Remedy
  /** One sentence or two for the person who decides. */
  readonly why: string
}

/** A failure that was seen within this time still happens, ms. */
export const HAPPENING_MS = 10 * 60_000

interface Died {
  readonly code: string
  readonly category: string
  /** Whether attempts fail so even now. */
  readonly happening: boolean
  /** Whether workers of another version than the one that saw it last are there. */
  readonly deployed: boolean
}

/** Codes whose remedy is another than that of their category. */
const BY_CODE: Readonly<Record<string, Remedy>> = {
  MILLRACE_OUTPUT_INVALID: 'mend-code',
  MILLRACE_RESOURCE_UNKNOWN: 'mend-pool',
  MILLRACE_TASK_UNKNOWN: 'mend-pool',
  MILLRACE_CANCELLED: 'look',
}

const BY_CATEGORY: Readonly<Record<string, Remedy>> = {
  service: 'wait',
  policy: 'wait',
  broker: 'wait',
  input: 'mend-input',
  workflow: 'mend-input',
  handler: 'mend-code',
  pool: 'mend-pool',
}

const WHY: Readonly<Record<Remedy, string>> = {
  replay: 'It has not failed so for 10 min: replay a few, and the rest when they succeed.',
  wait: 'It still fails: wait until it stops, or a replay fails again.',
  'mend-code': 'The same input fails again in the same code: deploy a mended handler, then replay.',
  'mend-input': 'The same input fails again: mend the input, or the schema if that is wrong.',
  'mend-pool': 'It is the workers that cannot run it: mend them, then replay.',
  look: 'Look at one of them: millrace dlq show.',
}

/**
 * What to do first about a failure, by where it comes from and whether it still happens. What passes by itself is
 * replayed when it has passed; what does not is mended before; when other workers were deployed since, a few tell.
 */
export function adviceOn({ code, category, happening, deployed }: Died): Advice {
  const remedy = BY_CODE[code] ?? BY_CATEGORY[category] ?? 'look'
  const help = code in ERRORS ? ` ${ERRORS[code as keyof typeof ERRORS].help}` : ''
  if (remedy === 'wait') return happening ? { remedy, why: WHY.wait + help } : { remedy: 'replay', why: WHY.replay }
  if (deployed && !happening && (remedy === 'mend-code' || remedy === 'mend-pool')) {
    return { remedy: 'replay', why: `Other workers run now than those that failed. ${WHY.replay}` }
  }
  return { remedy, why: remedy === 'look' ? WHY.look : WHY[remedy] + help }
}
