import type { JobState } from '../states.ts'

/** Fill, border and text of a state. Readable on light and dark pages, and apart for most colour-blind people. */
export const STATE_COLOURS = {
  waiting: { fill: '#f1f5f9', stroke: '#94a3b8', text: '#1e293b' },
  delayed: { fill: '#e0e7ff', stroke: '#6366f1', text: '#1e1b4b' },
  queued: { fill: '#e0f2fe', stroke: '#0284c7', text: '#0c4a6e' },
  active: { fill: '#fef08a', stroke: '#ca8a04', text: '#422006' },
  succeeded: { fill: '#bbf7d0', stroke: '#16a34a', text: '#052e16' },
  dead: { fill: '#fecaca', stroke: '#dc2626', text: '#450a0a' },
  skipped: { fill: '#e5e7eb', stroke: '#6b7280', text: '#374151' },
  cancelled: { fill: '#fed7aa', stroke: '#c2410c', text: '#431407' },
} as const satisfies Record<JobState, { fill: string; stroke: string; text: string }>
