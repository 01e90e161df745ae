import type { Board } from '../dashboard.ts'
import { figure, heat, lines, rows, table } from '../panels/panel.ts'
import { perSecond, pool } from './selectors.ts'

/** Series that every process has, of workers alone. */
const ofWorkers = `* on (instance) max by (instance) (millrace_build_info{${pool}, kind="worker"})`

export const workers: Board = {
  name: 'workers',
  title: 'Millrace · Workers',
  help: 'How busy each worker is, what limits it, and whether it is well. Redis and the exporter are at the bottom.',
  choices: [],
  rows: [
    {
      title: 'Now',
      height: 4,
      panels: [
        figure({
          title: 'Workers',
          help: 'That have given a sign of life within 30 s. `millrace workers` shows each.',
          unit: 'none',
          query: `sum(millrace_workers{${pool}})`,
          base: 'red',
          steps: [{ from: 1, colour: 'green' }],
        }),
        figure({
          title: 'Unhealthy',
          help: 'A task fails there and succeeds elsewhere: a secret, a mount or a route is missing. Runbook workers-unhealthy.',
          unit: 'none',
          query: `sum(millrace_workers_unhealthy{${pool}})`,
          steps: [{ from: 1, colour: 'red' }],
        }),
        figure({
          title: 'Slots in use',
          help: 'Of all workers. Long near 100 % with a growing queue: add workers.',
          unit: 'percentunit',
          query: `max(millrace_pool_utilization_ratio{${pool}})`,
          steps: [
            { from: 0.8, colour: 'yellow' },
            { from: 0.95, colour: 'orange' },
          ],
        }),
        figure({
          title: 'Jobs in line per worker',
          help: 'What an autoscaler looks at: it adds workers above 50.',
          unit: 'short',
          query: `max(millrace_pending_jobs_per_worker{${pool}})`,
          steps: [
            { from: 50, colour: 'yellow' },
            { from: 500, colour: 'orange' },
          ],
        }),
        figure({
          title: 'That take nothing',
          help: 'Their memory is short, or they drain. `millrace workers` says which.',
          unit: 'none',
          query: `sum(1 - millrace_worker_taking_jobs{${pool}})`,
          steps: [{ from: 1, colour: 'yellow' }],
        }),
        figure({
          title: 'Jobs of vanished workers',
          help: 'Found and sent back in the time that is shown. Runbook jobs-stalled.',
          unit: 'short',
          query: `sum(increase(millrace_jobs_stalled_total{${pool}}[$__range]))`,
          steps: [{ from: 1, colour: 'orange' }],
        }),
      ],
    },
    {
      title: 'Utilisation',
      height: 9,
      panels: [
        rows({
          title: 'Slots in use, worker by worker',
          help: 'Green is idle, red is full. One red row among green ones: its jobs are long, or it listens to a queue of its own.',
          unit: 'percentunit',
          max: 1,
          query: { expr: `max by (instance) (millrace_worker_utilization_ratio{${pool}})`, legend: '{{instance}}' },
        }),
        heat({
          title: 'How many workers are how busy',
          help: 'For pools with more workers than rows fit. All of it at the top: add workers. Two bands: the work is not spread evenly.',
          unit: 'percentunit',
          from: 'values',
          query: `max by (instance) (millrace_worker_utilization_ratio{${pool}})`,
        }),
      ],
    },
    {
      title: 'Slots',
      height: 8,
      panels: [
        lines({
          title: 'Slots and what runs in them',
          help: 'Of all workers that are scraped. Full slots and a growing queue: add workers.',
          unit: 'short',
          queries: [
            { expr: `sum(millrace_worker_slots{${pool}})`, legend: 'slots' },
            { expr: `sum(millrace_worker_active_jobs{${pool}})`, legend: 'attempts that run' },
          ],
        }),
        lines({
          title: 'Slots of each worker',
          help: 'Within the range of `--concurrency`. At the lower end for long: the panel on the right says why.',
          unit: 'short',
          queries: [{ expr: `max by (instance) (millrace_worker_slots{${pool}})`, legend: '{{instance}}' }],
        }),
        lines({
          title: 'Why slots were moved',
          help: 'Moves per second over all workers: room raises by one, the others lower by a third. docs/concurrency.md has the marks.',
          unit: 'ops',
          queries: [{ expr: perSecond(`millrace_concurrency_moves_total{${pool}}`, 'reason'), legend: '{{reason}}' }],
        }),
      ],
    },
    {
      title: 'Processes',
      height: 8,
      panels: [
        lines({
          title: 'CPU',
          help: 'Cores that each worker uses. Near 1 its event loop is full: more workers, or `isolate: true` for tasks that compute.',
          unit: 'short',
          limit: 0.9,
          queries: [
            {
              expr: `sum by (instance) (rate(millrace_process_cpu_seconds_total{${pool}}[$__rate_interval])) ${ofWorkers}`,
              legend: '{{instance}}',
            },
          ],
        }),
        lines({
          title: 'Memory',
          help: 'Share of what each worker could have before something is killed. Above 80 % it takes nothing more.',
          unit: 'percentunit',
          max: 1,
          limit: 0.8,
          queries: [
            {
              expr: `sum by (instance) (millrace_process_memory_bytes{${pool}, kind="resident"}) / max by (instance) (millrace_process_memory_limit_bytes{${pool}})`,
              legend: '{{instance}}',
            },
          ],
        }),
        lines({
          title: 'Delay of the event loop',
          help: 'The 95th percentile of each worker. Above 100 ms slots are taken away; above the time of a lock it loses its jobs.',
          unit: 's',
          limit: 0.1,
          queries: [
            {
              expr: `max by (instance) (millrace_event_loop_delay_seconds{${pool}, kind="p95"}) ${ofWorkers}`,
              legend: '{{instance}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Trouble',
      height: 8,
      panels: [
        lines({
          title: 'Jobs of vanished workers, by queue',
          help: 'Per second, by queue: found and sent back. Runbook jobs-stalled.',
          unit: 'ops',
          queries: [{ expr: perSecond(`millrace_jobs_stalled_total{${pool}}`, 'queue'), legend: '{{queue}}' }],
        }),
        lines({
          title: 'Mended by the sweeper and the reconciler',
          help: 'Per second. residue, cancels, replays, loading: somebody died in the middle. listed, vanished, undecided: something changed queues behind the engine, runbook reconciler-mended.',
          unit: 'ops',
          queries: [{ expr: perSecond(`millrace_mended_total{${pool}}`, 'reason'), legend: '{{reason}}' }],
        }),
        lines({
          title: 'Handlers that ignored their signal',
          help: 'Per second and worker: given up, and running on. Pass `ctx.signal` on, or `isolate: true`.',
          unit: 'ops',
          queries: [
            { expr: perSecond(`millrace_handlers_ignored_total{${pool}}`, 'instance'), legend: '{{instance}}' },
          ],
        }),
        table({
          title: 'Every process',
          help: 'Of every kind, with their versions: two versions of workers for long are a deployment that hangs.',
          unit: 'none',
          labels: { instance: 'address', kind: 'kind', version: 'version' },
          columns: [
            {
              title: 'up for',
              query: `(time() - max by (instance) (millrace_process_start_time_seconds{${pool}})) * on (instance) group_right () max by (instance, kind, version) (millrace_build_info{${pool}})`,
              unit: 's',
            },
          ],
          sortBy: 'up for',
        }),
      ],
    },
    {
      title: 'Redis and the exporter',
      height: 8,
      panels: [
        lines({
          title: 'Memory of Redis',
          help: 'And what it may use, where that is set. At the limit Redis refuses every write: runbook redis-memory-high.',
          unit: 'bytes',
          queries: [
            { expr: `max(millrace_redis_memory_bytes{${pool}})`, legend: 'used' },
            { expr: `max(millrace_redis_memory_limit_bytes{${pool}} > 0)`, legend: 'limit' },
          ],
        }),
        lines({
          title: 'A look at the pool',
          help: 'How long the exporter takes for it, round trips included. Milliseconds; more means a slow Redis, or a far one.',
          unit: 's',
          queries: [{ expr: `max(millrace_exporter_read_seconds{${pool}})`, legend: 'one look' }],
        }),
        lines({
          title: 'Redis answers',
          help: '1 while it answers the exporter. Gaps elsewhere at the same time are its absence.',
          unit: 'none',
          max: 1,
          queries: [{ expr: `min(millrace_redis_up{${pool}})`, legend: 'answers' }],
        }),
      ],
    },
  ],
}
