import type { JobState, WorkflowState, WorkflowSummary } from '@millrace/shared'
import type { Look, Style } from './look.ts'

export type AnyState = JobState | WorkflowState | 'held' | 'paused' | 'open'

/** Every symbol is one column wide and differs without its colour too. */
const MARKS = {
  loading: { symbol: '…', style: 'dim' },
  waiting: { symbol: '·', style: 'dim' },
  delayed: { symbol: '◷', style: 'yellow' },
  queued: { symbol: '○', style: 'blue' },
  active: { symbol: '●', style: 'cyan' },
  running: { symbol: '●', style: 'cyan' },
  succeeded: { symbol: '✓', style: 'green' },
  dead: { symbol: '✗', style: 'red' },
  failed: { symbol: '✗', style: 'red' },
  held: { symbol: '‖', style: 'yellow' },
  skipped: { symbol: '↷', style: 'dim' },
  cancelled: { symbol: '⊘', style: 'yellow' },
  paused: { symbol: '‖', style: 'yellow' },
  open: { symbol: '●', style: 'green' },
} as const satisfies Record<AnyState, { symbol: string; style: Style }>

/** A state as a table cell shows it: unpainted text and its style apart, because only unpainted text can be measured. */
export function stateCell(state: AnyState, look: Look): { text: string; style: Style } {
  const { symbol, style } = MARKS[state]
  return { text: look.symbols ? `${symbol} ${state}` : state, style }
}

export function stateText(state: AnyState, look: Look): string {
  const { text, style } = stateCell(state, look)
  return look.paint(style, text)
}

/** `paused` and `held` are no states of their own in the engine, but they are what a person has to know first. */
export const shownState = (summary: WorkflowSummary): AnyState =>
  summary.paused ? 'paused' : summary.held ? 'held' : summary.state
