import type { LimitFacts } from './facts.ts'
import type { LimitUse, Reason } from './reason.ts'
import { counted, spanText } from './words.ts'

/** `limit/call` and `slots/call` are those of a task, `tenant/acme` that of a tenant. */
export function limitAbout(lot: string): string {
  const slash = lot.indexOf('/')
  const [kind, name] = [lot.slice(0, slash), lot.slice(slash + 1)]
  return kind === 'tenant' ? `tenant ${name}` : `task ${name}`
}

/** Why a limit lets nothing more begin now; nothing when it would. */
export function limitReasons({ lot, slots, rate, parked }: LimitFacts, now: number): Reason[] {
  const about = limitAbout(lot)
  const reasons: Reason[] = []
  if (slots && slots.used >= slots.most) {
    const tenant = lot.startsWith('tenant/')
    reasons.push({
      code: tenant ? 'tenant-full' : 'concurrency-full',
      about,
      text: tenant
        ? `The ${about} has ${counted(slots.used, 'attempt')} running, as many as it may (${slots.most}).`
        : `${counted(slots.used, 'attempt')} of the ${about} run, as many as may over all workers (${slots.most}).`,
      ...(tenant && { help: `millrace tenant set ${about.slice('tenant '.length)} --active <count>` }),
      data: { used: slots.used, most: slots.most, parked },
    })
  }
  if (rate && rate.begun >= rate.max) {
    reasons.push({
      code: 'rate-reached',
      about,
      text: `${counted(rate.begun, 'attempt')} of the ${about} began within ${spanText(rate.perMs)}, as many as may; the next in ${spanText(rate.roomAt - now)}.`,
      until: rate.roomAt,
      data: { begun: rate.begun, max: rate.max, perMs: rate.perMs, parked },
    })
  }
  return reasons
}

export const limitUse = ({ lot, slots, rate, parked }: LimitFacts): LimitUse => ({
  about: limitAbout(lot),
  ...(slots && { slots: { used: slots.used, most: slots.most } }),
  ...(rate && { rate: { begun: rate.begun, max: rate.max, perMs: rate.perMs } }),
  parked,
})
