import type { Board } from '../dashboard.ts'
import { figure, lines, rows } from '../panels/panel.ts'
import { perSecond, pool, resource } from './selectors.ts'

export const resources: Board = {
  name: 'resources',
  title: 'Millrace · Resources and breakers',
  help: 'What jobs use outside, whether it is taken for broken, and what waits for it.',
  choices: ['resource'],
  rows: [
    {
      title: 'Breakers',
      height: 7,
      panels: [
        figure({
          title: 'Breakers not closed',
          help: 'Their jobs wait and spend no attempt. `millrace resource list` says since when and why; runbook breaker-open.',
          unit: 'none',
          width: 4,
          query: `sum(millrace_breaker_state{${resource}} > bool 0)`,
          steps: [{ from: 1, colour: 'red' }],
        }),
        rows({
          title: 'State of each breaker',
          help: 'One state for the whole pool. Open for long: the resource is down, or its breaker was opened by hand; `millrace resource show <name>`.',
          unit: 'none',
          query: { expr: `max by (resource) (millrace_breaker_state{${resource}})`, legend: '{{resource}}' },
          states: {
            0: { text: 'closed', colour: 'green' },
            1: { text: 'half-open', colour: 'yellow' },
            2: { text: 'open', colour: 'red' },
          },
        }),
      ],
    },
    {
      title: 'Changes, and what they hold back',
      height: 8,
      panels: [
        lines({
          title: 'Changes of breakers',
          help: 'As the workers saw them, added up: with four workers one opening counts up to four times. Opened again and again: probes fail.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (resource, outcome) (increase(millrace_breaker_transitions_total{${resource}}[$__rate_interval]))`,
              legend: '{{resource}}: {{outcome}}',
            },
          ],
        }),
        lines({
          title: 'Jobs put aside now, by what they wait for',
          help: 'breaker, bulkhead: a resource. slots, limit: a limit of their task. task, workflow: paused by somebody, `millrace pause` lists it. worker: unhealthy there.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: `sum by (reason) (millrace_parked_jobs{${pool}})`, legend: '{{reason}}' }],
        }),
        lines({
          title: 'Jobs put aside, by task',
          help: 'Per second, for a breaker or a bulkhead. Many of one task: it fetches faster than its resource serves; a larger bulkhead, or a limit of the task.',
          unit: 'ops',
          queries: [
            {
              expr: perSecond(`millrace_jobs_parked_total{${pool}, reason=~"breaker|bulkhead"}`, 'task, reason'),
              legend: '{{task}}: {{reason}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Bulkheads',
      height: 8,
      panels: [
        lines({
          title: 'Bulkheads in use',
          help: 'Share of the slots of each bulkhead over all workers. At 100 % for long: the resource is slower than before, or its bulkhead is too small.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: `sum by (resource) (millrace_bulkhead_active_jobs{${resource}}) / sum by (resource) (millrace_bulkhead_slots{${resource}})`,
              legend: '{{resource}}',
            },
          ],
        }),
        lines({
          title: 'Slots of bulkheads',
          help: 'Over all workers. By default half of the slots of a worker, so that it moves with them.',
          unit: 'short',
          queries: [{ expr: `sum by (resource) (millrace_bulkhead_slots{${resource}})`, legend: '{{resource}}' }],
        }),
        lines({
          title: 'Bulkheads found full',
          help: 'Jobs per second that were put aside for it; they are called as attempts end.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_bulkhead_rejections_total{${resource}}`, 'resource'), legend: '{{resource}}' },
          ],
        }),
      ],
    },
  ],
}
