import { jsonLine } from '../json.ts'
import type { Screen } from '../terminal.ts'
import type { Presenter } from './presenter.ts'

/** For programs: every event as one line of JSON. */
export const documents = (screen: Screen): Presenter => ({
  show: (event) => screen.write(jsonLine(event)),
  end: () => {},
})
