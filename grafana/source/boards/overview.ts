import type { Board } from '../dashboard.ts'
import { figure, lines, table } from '../panels/panel.ts'
import { perSecond, pool, queue, spread } from './selectors.ts'
import { deadLettersNow, SHARE_OF_SUCCESS } from './shared-figures.ts'

export const overview: Board = {
  name: 'overview',
  title: 'Millrace · Overview',
  help: 'Is the pool well, and where is it not? The other dashboards go on from here.',
  choices: ['queue'],
  rows: [
    {
      title: 'Now',
      height: 4,
      panels: [
        figure({
          title: 'Redis',
          help: 'Whether Redis answers the exporter. Without it nothing else on these dashboards is true: see the runbook pool-unseen.',
          unit: 'none',
          query: `min(millrace_redis_up{${pool}})`,
          words: { 0: { text: 'away', colour: 'red' }, 1: { text: 'answers', colour: 'green' } },
        }),
        figure({
          title: 'Workers',
          help: 'Workers that have given a sign of life within 30 s. None: `millrace workers`, and the runbook no-workers.',
          unit: 'none',
          query: `sum(millrace_workers{${pool}})`,
          base: 'red',
          steps: [{ from: 1, colour: 'green' }],
        }),
        figure({
          title: 'Slots in use',
          help: 'Share of all slots that run something. Long near 100 % with a growing queue: add workers.',
          unit: 'percentunit',
          query: `sum(millrace_pool_active_jobs{${pool}}) / sum(millrace_pool_slots{${pool}})`,
          steps: [
            { from: 0.8, colour: 'yellow' },
            { from: 0.95, colour: 'orange' },
          ],
        }),
        figure({
          title: 'Jobs in line',
          help: 'Jobs that could run and wait for a slot.',
          unit: 'short',
          query: `sum(millrace_queue_depth{${queue}})`,
          base: 'blue',
        }),
        figure({
          title: 'Oldest job in line',
          help: 'How long the first of them has waited. Level by level below; runbook oldest-job-too-old.',
          unit: 's',
          query: `max(millrace_queue_oldest_job_seconds{${queue}})`,
          steps: [
            { from: 300, colour: 'yellow' },
            { from: 1_800, colour: 'orange' },
          ],
        }),
        figure({
          title: 'Jobs that succeed',
          help: 'Of the jobs that ended with an attempt in the time that is shown. Below 90 %: dashboard Tasks, runbook success-low.',
          unit: 'percentunit',
          query: `sum(increase(millrace_jobs_finished_total{${queue}, outcome="succeeded"}[$__range])) / sum(increase(millrace_jobs_finished_total{${queue}}[$__range]))`,
          ...SHARE_OF_SUCCESS,
        }),
        deadLettersNow,
        figure({
          title: 'Breakers not closed',
          help: 'Resources that are taken for broken; their jobs wait. `millrace resource list`, runbook breaker-open.',
          unit: 'none',
          query: `sum(millrace_breaker_state{${pool}} > bool 0)`,
          steps: [{ from: 1, colour: 'red' }],
        }),
      ],
    },
    {
      title: 'Work',
      height: 8,
      panels: [
        lines({
          title: 'Jobs that ended',
          help: 'Per second, by how. A rising share of dead ones: dashboard Tasks. Skipped and cancelled ones are those of the whole pool.',
          unit: 'ops',
          stacked: true,
          queries: [
            { expr: perSecond(`millrace_jobs_finished_total{${queue}}`, 'outcome'), legend: '{{outcome}}' },
            { expr: perSecond(`millrace_jobs_skipped_total{${pool}}`), legend: 'skipped' },
            { expr: perSecond(`millrace_jobs_cancelled_total{${pool}}`), legend: 'cancelled' },
          ],
        }),
        lines({
          title: 'Submitted and begun',
          help: 'Per second. As long as more is submitted than begins, the queues grow: add workers, or submit less.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_jobs_submitted_total{${queue}}`), legend: 'jobs submitted' },
            { expr: perSecond(`millrace_jobs_started_total{${queue}}`), legend: 'attempts begun' },
          ],
        }),
        lines({
          title: 'Slots',
          help: 'How many attempts could run, and how many do. Few in use while jobs wait: something holds them back, see dashboard Resources.',
          unit: 'short',
          queries: [
            { expr: `sum(millrace_pool_slots{${pool}})`, legend: 'slots' },
            { expr: `sum(millrace_pool_active_jobs{${pool}})`, legend: 'in use' },
          ],
        }),
      ],
    },
    {
      title: 'Queues',
      height: 8,
      panels: [
        lines({
          title: 'Jobs in line, by level',
          help: 'What could run and waits for a slot. Only background growing is no emergency.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: `sum by (level) (millrace_queue_depth{${queue}})`, legend: '{{level}}' }],
        }),
        lines({
          title: 'Oldest job in line, by level',
          help: 'How long the first job of each level has waited. A critical job should begin within a minute: runbook oldest-job-too-old.',
          unit: 's',
          queries: [{ expr: `max by (level) (millrace_queue_oldest_job_seconds{${queue}})`, legend: '{{level}}' }],
        }),
        lines({
          title: 'Capacity in use, by queue',
          help: 'Of the jobs that may wait. From 90 % on low jobs are refused, at 100 % all are: runbook queue-nearly-full.',
          unit: 'percentunit',
          limit: 0.8,
          queries: [{ expr: `max by (queue) (millrace_queue_capacity_used_ratio{${queue}})`, legend: '{{queue}}' }],
        }),
      ],
    },
    {
      title: 'Waiting',
      height: 8,
      panels: [
        lines({
          title: 'Wait for a slot',
          help: 'From the moment a job could run to its first attempt. Grows with the queues; a few seconds with empty ones mean that slots are held by long jobs.',
          unit: 's',
          queries: spread('millrace_queue_wait_seconds', queue),
        }),
        lines({
          title: 'What does not run, and why',
          help: 'Jobs that wait for their needs, for a time, or were put aside. Put aside for long: dashboard Resources.',
          unit: 'short',
          queries: [
            { expr: `sum(millrace_jobs_waiting_for_needs{${queue}})`, legend: 'for their needs' },
            { expr: `sum(millrace_jobs_delayed{${queue}})`, legend: 'for a time, or put aside' },
          ],
        }),
        table({
          title: 'Alerts that fire',
          help: 'Each has a page in docs/runbooks with the commands that look and mend. Empty is good.',
          unit: 'none',
          labels: { alertname: 'alert', severity: 'severity', queue: 'queue', task: 'task', resource: 'resource' },
          columns: [
            {
              title: 'firing',
              query: `sum by (alertname, severity, queue, task, resource) (ALERTS{alertname=~"Millrace.*", alertstate="firing", ${pool}})`,
              unit: 'none',
            },
          ],
          sortBy: 'severity',
          ascending: true, // critical before warning
        }),
      ],
    },
    {
      title: 'Queues in figures',
      height: 8,
      panels: [
        table({
          title: 'Every queue',
          help: 'A paused queue takes jobs and starts none: `millrace queue resume <name>`.',
          unit: 'none',
          labels: { queue: 'queue' },
          columns: [
            { title: 'in line', query: `sum by (queue) (millrace_queue_depth{${queue}})`, unit: 'short' },
            { title: 'active', query: `sum by (queue) (millrace_jobs_active{${queue}})`, unit: 'short' },
            { title: 'delayed', query: `sum by (queue) (millrace_jobs_delayed{${queue}})`, unit: 'short' },
            { title: 'for needs', query: `sum by (queue) (millrace_jobs_waiting_for_needs{${queue}})`, unit: 'short' },
            { title: 'may wait', query: `max by (queue) (millrace_queue_capacity{${queue}})`, unit: 'short' },
            {
              title: 'in use',
              query: `max by (queue) (millrace_queue_capacity_used_ratio{${queue}})`,
              unit: 'percentunit',
              steps: [
                { from: 0.8, colour: 'orange' },
                { from: 0.95, colour: 'red' },
              ],
            },
            {
              title: 'paused',
              query: `max by (queue) (millrace_queue_paused{${queue}})`,
              unit: 'bool_yes_no',
              steps: [{ from: 1, colour: 'yellow' }],
            },
          ],
          sortBy: 'in line',
        }),
      ],
    },
  ],
}
