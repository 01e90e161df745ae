import type { Board } from '../dashboard.ts'
import { heat, lines, table } from '../panels/panel.ts'
import { buckets, perSecond, pool, quantile, spread, task } from './selectors.ts'
import { SHARE_OF_SUCCESS } from './shared-figures.ts'

const finished = `millrace_jobs_finished_total{${task}}`
const succeeded = `millrace_jobs_finished_total{${task}, outcome="succeeded"}`
/** Attempts that failed, those that are made again among them. */
const failed = (range: string) =>
  `sum by (task) (rate(millrace_jobs_retried_total{${task}}[${range}]) or rate(millrace_jobs_finished_total{${task}, outcome="dead"}[${range}]))`

export const tasks: Board = {
  name: 'tasks',
  title: 'Millrace · Tasks',
  help: 'How often each task runs, how long, and how it ends.',
  choices: ['queue', 'task'],
  rows: [
    {
      title: 'Every task',
      height: 9,
      panels: [
        table({
          title: 'Tasks',
          help: 'In the time that is shown. Sorted by what died; `millrace task show <name>` tells the failures and the time limit of one.',
          unit: 'none',
          labels: { task: 'task' },
          columns: [
            { title: 'ended', query: `sum by (task) (increase(${finished}[$__range]))`, unit: 'short' },
            {
              title: 'succeeded',
              query: `sum by (task) (increase(${succeeded}[$__range])) / sum by (task) (increase(${finished}[$__range]))`,
              unit: 'percentunit',
              ...SHARE_OF_SUCCESS,
            },
            {
              title: 'died',
              query: `sum by (task) (increase(millrace_jobs_finished_total{${task}, outcome="dead"}[$__range]))`,
              unit: 'short',
              steps: [{ from: 1, colour: 'red' }],
            },
            {
              title: 'mean duration',
              query: `sum by (task) (increase(millrace_attempt_duration_seconds_sum{${task}}[$__range])) / sum by (task) (increase(millrace_attempt_duration_seconds_count{${task}}[$__range]))`,
              unit: 's',
            },
            {
              title: 'slots, on average',
              query: `sum by (task) (rate(millrace_attempt_duration_seconds_sum{${task}}[$__range]))`,
              unit: 'short',
            },
          ],
          sortBy: 'died',
        }),
      ],
    },
    {
      title: 'Attempts',
      height: 8,
      panels: [
        lines({
          title: 'Attempts begun',
          help: 'Per second. More than jobs end: they are tried again or put aside, see the panels on the right.',
          unit: 'ops',
          stacked: true,
          queries: [{ expr: perSecond(`millrace_jobs_started_total{${task}}`, 'task'), legend: '{{task}}' }],
        }),
        lines({
          title: 'Jobs that succeed',
          help: 'Share of the jobs that end with an attempt. Below 90 %: runbook success-low.',
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: `${perSecond(succeeded, 'task')} / ${perSecond(finished, 'task')}`, legend: '{{task}}' }],
        }),
        lines({
          title: 'Attempts that fail',
          help: 'Share of all attempts, those that are made again among them. It rises before jobs die: runbook error-rate-high.',
          unit: 'percentunit',
          limit: 0.01,
          queries: [
            {
              expr: `${failed('$__rate_interval')} / ${perSecond(`millrace_attempt_duration_seconds_count{${task}}`, 'task')}`,
              legend: '{{task}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Time',
      height: 8,
      panels: [
        lines({
          title: 'Duration of attempts',
          help: 'Failed ones included. The limit of a task is learned from it: `millrace task show <name>`.',
          unit: 's',
          queries: spread('millrace_attempt_duration_seconds', task),
        }),
        heat({
          title: 'Duration of attempts, all of them',
          help: 'Two bands instead of one: a cache that hits or misses, or two kinds of input in one task.',
          unit: 's',
          from: 'histogram',
          query: buckets('millrace_attempt_duration_seconds', task),
        }),
        lines({
          title: 'Slowest twentieth, by task',
          help: 'The duration that 95 % of the attempts of each task stay below.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'millrace_attempt_duration_seconds', task, 'task'), legend: '{{task}}' }],
        }),
      ],
    },
    {
      title: 'Waiting',
      height: 8,
      panels: [
        lines({
          title: 'Wait for a slot, by task',
          help: 'The time that 95 % of the jobs of each task wait at most. One task alone: it is put aside often, or its priority is low.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'millrace_queue_wait_seconds', task, 'task'), legend: '{{task}}' }],
        }),
        lines({
          title: 'From the last need to the first attempt',
          help: 'How fast workflows go on. Milliseconds while slots are free.',
          unit: 's',
          queries: spread('millrace_release_latency_seconds', task),
        }),
        lines({
          title: 'Put aside',
          help: 'Jobs per second that may not start now and spend no attempt, by what they wait for. Dashboard Resources says why.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_jobs_parked_total{${task}}`, 'task, reason'), legend: '{{task}}: {{reason}}' },
          ],
        }),
      ],
    },
    {
      title: 'Failures and the rest',
      height: 8,
      panels: [
        lines({
          title: 'Attempts that will be made again',
          help: 'Per second, by the code of the failure: `docs/errors.md` has the codes of Millrace, the others are those of the task.',
          unit: 'ops',
          stacked: true,
          queries: [
            { expr: perSecond(`millrace_jobs_retried_total{${task}}`, 'task, reason'), legend: '{{task}}: {{reason}}' },
          ],
        }),
        lines({
          title: 'Jobs that died',
          help: 'Per second, those whose workers vanished included. `millrace dlq stats --task <name>` says what of.',
          unit: 'ops',
          stacked: true,
          queries: [
            { expr: perSecond(`millrace_jobs_dead_total{${pool}, task=~"$task"}`, 'task'), legend: '{{task}}' },
          ],
        }),
        lines({
          title: 'Attempts without a verdict, and none at all',
          help: 'Given up (drained: a worker ended; lock_lost: the event loop was blocked for longer than the lock), waiting for what they spawned, or answered from an earlier output.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_jobs_returned_total{${task}}`, 'reason'), legend: 'given up: {{reason}}' },
            { expr: perSecond(`millrace_jobs_suspended_total{${task}}`), legend: 'wait for what they spawned' },
            { expr: perSecond(`millrace_jobs_cached_total{${task}}`), legend: 'used an earlier output' },
          ],
        }),
      ],
    },
  ],
}
