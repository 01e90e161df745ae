import type { Board } from '../dashboard.ts'
import { figure, lines, table } from '../panels/panel.ts'
import { perSecond, pool, task } from './selectors.ts'
import { deadLettersNow } from './shared-figures.ts'

const dead = `millrace_jobs_dead_total{${pool}, task=~"$task"}`

export const deadLetters: Board = {
  name: 'dead-letters',
  title: 'Millrace · Dead letters',
  help: 'What failed for good, how fast it grows, and what goes back.',
  choices: ['queue', 'task'],
  rows: [
    {
      title: 'Now',
      height: 4,
      panels: [
        deadLettersNow,
        figure({
          title: 'More than half an hour ago',
          help: 'Below zero: they become fewer. Above: runbook dead-letters-growing.',
          unit: 'short',
          query: `sum(delta(millrace_dead_letters{${pool}}[30m]))`,
          steps: [{ from: 1, colour: 'orange' }],
        }),
        figure({
          title: 'Buried',
          help: 'In the time that is shown.',
          unit: 'short',
          query: `sum(increase(${dead}[$__range]))`,
          steps: [{ from: 1, colour: 'orange' }],
        }),
        figure({
          title: 'Replayed',
          help: 'In the time that is shown. What fails again is buried again: compare both.',
          unit: 'short',
          query: `sum(increase(millrace_dead_letters_replayed_total{${pool}}[$__range]))`,
          base: 'blue',
        }),
        figure({
          title: 'Escalations',
          help: 'Kinds of failure that passed the threshold of escalation in the time that is shown: the logs of the workers name them.',
          unit: 'short',
          query: `sum(increase(millrace_failure_escalations_total{${pool}}[$__range]))`,
          steps: [{ from: 1, colour: 'red' }],
        }),
      ],
    },
    {
      title: 'Course',
      height: 8,
      panels: [
        lines({
          title: 'Dead letters over time',
          help: 'That nobody has replayed or discarded. A step: one cause, found by `millrace dlq stats`. A slope: something fails steadily.',
          unit: 'short',
          queries: [{ expr: `sum(millrace_dead_letters{${pool}})`, legend: 'dead letters' }],
        }),
        lines({
          title: 'Buried and replayed',
          help: 'Per second. Replayed and buried alike: the cause is not mended, stop the replay with `millrace dlq replay --stop <replay>`.',
          unit: 'ops',
          queries: [
            { expr: perSecond(dead), legend: 'buried' },
            { expr: perSecond(`millrace_dead_letters_replayed_total{${pool}}`), legend: 'replayed' },
          ],
        }),
        lines({
          title: 'Buried, by task',
          help: 'Per second. One task alone: its code, its input or its resource. All at once: something that they share.',
          unit: 'ops',
          stacked: true,
          queries: [{ expr: perSecond(dead, 'task'), legend: '{{task}}' }],
        }),
      ],
    },
    {
      title: 'By task',
      height: 9,
      panels: [
        table({
          title: 'What dies',
          help: 'By task, in the time that is shown. `millrace dlq list --task <name>` has the letters.',
          unit: 'none',
          labels: { task: 'task' },
          columns: [
            {
              title: 'buried',
              query: `sum by (task) (increase(${dead}[$__range]))`,
              unit: 'short',
              steps: [{ from: 1, colour: 'red' }],
            },
            { title: 'buried since the pool began', query: `sum by (task) (${dead})`, unit: 'short' },
            {
              title: 'of those that ended',
              query: `sum by (task) (increase(millrace_jobs_finished_total{${task}, outcome="dead"}[$__range])) / sum by (task) (increase(millrace_jobs_finished_total{${task}}[$__range]))`,
              unit: 'percentunit',
              steps: [
                { from: 0.01, colour: 'yellow' },
                { from: 0.1, colour: 'red' },
              ],
            },
          ],
          sortBy: 'buried',
        }),
        lines({
          title: 'What may die next',
          help: 'Attempts per second that failed and will be made again, by the code of the failure.',
          unit: 'ops',
          stacked: true,
          queries: [{ expr: perSecond(`millrace_jobs_retried_total{${task}}`, 'reason'), legend: '{{reason}}' }],
        }),
      ],
    },
  ],
}
