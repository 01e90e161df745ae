import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplayView } from '@millrace/shared'
import type { Producer } from '../contract.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { renderReplay } from './output/replays.ts'
import type { Session } from './session.ts'

const LOOK_EVERY_MS = 250

/** Shows a replay until it has ended; Ctrl-C ends the watching, not the replay. */
export async function followReplay(session: Session, pool: Producer, first: ReplayView): Promise<ExitCode> {
  const { err } = session
  const signal = session.interruption()
  let view = first
  const ended = () => view.state === 'done' || view.state === 'stopped'
  while (!ended() && view.state !== 'paused' && !signal.aborted) {
    const look = err.look()
    if (err.live) err.write(`\r\u001b[K${renderReplay(view, look, look.width - 1)}`) // some terminals wrap after the last column
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
    view = (await pool.replays.get(view.id)) ?? view
  }
  if (err.live) err.write('\r\u001b[K')
  session.talk(renderReplay(view, err.look(), Number.POSITIVE_INFINITY))
  if (!ended()) session.talk(`The replay goes on in the pool. See: millrace dlq replay --status ${view.id}`)
  session.answer(view, () => '')
  if (signal.aborted && !ended()) return EXIT.interrupted
  return view.state === 'stopped' || view.failed > 0 ? EXIT.failed : EXIT.done
}
