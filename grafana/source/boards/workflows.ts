import type { Board } from '../dashboard.ts'
import { figure, heat, lines } from '../panels/panel.ts'
import { buckets, perSecond, pool, quantile, queue, spread } from './selectors.ts'
import { SHARE_OF_SUCCESS } from './shared-figures.ts'

const ended = 'millrace_workflows_finished_total'
/** Deadlines that were met lie above zero. */
const late = (range: string) =>
  `sum(increase(millrace_workflow_slack_seconds_bucket{${pool}, le="0"}[${range}])) / sum(increase(millrace_workflow_slack_seconds_count{${pool}}[${range}]))`

export const workflows: Board = {
  name: 'workflows',
  title: 'Millrace · Workflows',
  help: 'How many workflows run, how they end, how long they take and whether they meet their deadlines.',
  choices: ['queue'],
  rows: [
    {
      title: 'Now',
      height: 4,
      panels: [
        figure({
          title: 'Running',
          help: 'Workflows that have begun and not ended. `millrace list --state running`',
          unit: 'short',
          query: `sum(millrace_workflows{${pool}, outcome="running"})`,
          base: 'blue',
        }),
        figure({
          title: 'Being loaded',
          help: 'Half written by their producers. Minutes of it: a producer died, and the sweeper removes what it left.',
          unit: 'short',
          query: `sum(millrace_workflows{${pool}, outcome="loading"})`,
          base: 'blue',
        }),
        figure({
          title: 'Failed and kept',
          help: 'A job of each is dead. `millrace retry <id>` runs again what is dead or was skipped.',
          unit: 'short',
          query: `sum(millrace_workflows{${pool}, outcome="failed"})`,
          steps: [{ from: 1, colour: 'yellow' }],
        }),
        figure({
          title: 'Ended well',
          help: 'Share of the workflows that succeeded or failed in the time that is shown.',
          unit: 'percentunit',
          query: `sum(increase(${ended}{${pool}, outcome="succeeded"}[$__range])) / sum(increase(${ended}{${pool}, outcome=~"succeeded|failed"}[$__range]))`,
          ...SHARE_OF_SUCCESS,
        }),
        figure({
          title: 'Late',
          help: 'Share of the workflows with a deadline that ended after it, in the time that is shown. More slots, or a higher priority.',
          unit: 'percentunit',
          query: late('$__range'),
          steps: [
            { from: 0.01, colour: 'yellow' },
            { from: 0.1, colour: 'red' },
          ],
        }),
      ],
    },
    {
      title: 'Ends',
      height: 8,
      panels: [
        lines({
          title: 'Workflows that ended',
          help: 'Per second. One that is replayed and ends again counts again.',
          unit: 'ops',
          stacked: true,
          queries: [{ expr: perSecond(`${ended}{${pool}}`, 'outcome'), legend: '{{outcome}}' }],
        }),
        lines({
          title: 'Workflows that are kept',
          help: 'By state. Those that succeeded go after 7 days; the failed ones when their dead letters are dealt with.',
          unit: 'short',
          queries: [{ expr: `sum by (outcome) (millrace_workflows{${pool}})`, legend: '{{outcome}}' }],
        }),
        lines({
          title: 'Jobs that never ran',
          help: 'Per second: skipped because of how their needs ended, or cancelled with their workflow. A replay brings skipped ones back.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_jobs_skipped_total{${pool}}`), legend: 'skipped' },
            { expr: perSecond(`millrace_jobs_cancelled_total{${pool}}`), legend: 'cancelled' },
          ],
        }),
      ],
    },
    {
      title: 'Time',
      height: 8,
      panels: [
        lines({
          title: 'Duration of workflows',
          help: 'From submission to the end, those that succeeded. Longer with the same work: dashboards Tasks and Workers.',
          unit: 's',
          queries: spread('millrace_workflow_duration_seconds', `${pool}, outcome="succeeded"`),
        }),
        heat({
          title: 'Duration of workflows, all of them',
          help: 'Succeeded and failed.',
          unit: 's',
          from: 'histogram',
          query: buckets('millrace_workflow_duration_seconds', pool),
        }),
        lines({
          title: 'Time left at the deadline',
          help: 'Of workflows with a deadline, when they ended: half of them had more than the first line, one in twenty less than the second. Below zero is late.',
          unit: 's',
          signed: true,
          queries: [
            { expr: quantile(0.5, 'millrace_workflow_slack_seconds', pool), legend: 'half had less' },
            { expr: quantile(0.05, 'millrace_workflow_slack_seconds', pool), legend: 'one in twenty had less' },
          ],
        }),
      ],
    },
    {
      title: 'What goes in',
      height: 8,
      panels: [
        lines({
          title: 'Jobs submitted, by queue',
          help: 'Per second, spawned ones included.',
          unit: 'ops',
          stacked: true,
          queries: [{ expr: perSecond(`millrace_jobs_submitted_total{${queue}}`, 'queue'), legend: '{{queue}}' }],
        }),
        lines({
          title: 'Jobs that wait for their needs',
          help: 'By queue. Flat for long with free slots: `millrace list --state running`, then `millrace status <id>`.',
          unit: 'short',
          queries: [{ expr: `sum by (queue) (millrace_jobs_waiting_for_needs{${queue}})`, legend: '{{queue}}' }],
        }),
        lines({
          title: 'Calls of submit, by outcome',
          help: 'Per second, of services that serve their metrics (`httpPort` of `createProducer`). Refused: a mistake in the workflow, or a full queue; the service was told which.',
          unit: 'ops',
          queries: [{ expr: perSecond(`millrace_submissions_total{${pool}}`, 'outcome'), legend: '{{outcome}}' }],
        }),
        lines({
          title: 'Duration of submit',
          help: 'Of the same services, planning included. Grows with the size of workflows and with the way to Redis.',
          unit: 's',
          queries: spread('millrace_submit_duration_seconds', pool),
        }),
      ],
    },
  ],
}
