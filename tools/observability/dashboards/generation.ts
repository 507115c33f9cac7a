import type { Dashboard } from '../dashboard.js';
import { largest, perSecond, quantile } from '../promql.js';

/** What becomes of tasks, by model. */
export const generation: Dashboard = {
  uid: 'generation',
  title: 'Lathe: generation',
  rows: [
    {
      title: 'Queue of each model',
      panels: [
        {
          title: 'Waiting',
          unit: 'short',
          lines: [[largest('lathe_tasks{status="queued"}', 'model'), '{{model}}']],
        },
        {
          title: 'Slots and tasks in them',
          unit: 'short',
          about: 'What the workers of a model can take at once, and what they have.',
          lines: [
            [largest('lathe_slots', 'model'), '{{model}} slots'],
            [largest('lathe_tasks{status="running"}', 'model'), '{{model}} running'],
          ],
        },
        {
          title: 'Longest wait',
          unit: 's',
          lines: [[largest('lathe_queue_oldest_seconds', 'model'), '{{model}}']],
        },
      ],
    },
    {
      title: 'Times',
      panels: [
        {
          title: 'Wait of half and of 95 % of tasks',
          unit: 's',
          lines: [
            [quantile(0.5, ['lathe_task_waited_seconds'], 'model'), '{{model}} half'],
            [quantile(0.95, ['lathe_task_waited_seconds'], 'model'), '{{model}} 95 %'],
          ],
        },
        {
          title: 'Run of half and of 95 % of tasks',
          unit: 's',
          lines: [
            [quantile(0.5, ['lathe_task_ran_seconds', '{status="succeeded"}'], 'model'), '{{model}} half'],
            [quantile(0.95, ['lathe_task_ran_seconds', '{status="succeeded"}'], 'model'), '{{model}} 95 %'],
          ],
        },
        {
          title: 'GPUs at work',
          unit: 'short',
          about: 'GPU seconds in each second, as workers say: 1 is one GPU that computes all the time.',
          lines: [[perSecond('lathe_gpu_seconds_total', 'model'), '{{model}}']],
        },
      ],
    },
    {
      title: 'Outcomes',
      panels: [
        {
          title: 'Tasks',
          unit: 'ops',
          lines: [[perSecond('lathe_tasks_ended_total', 'model, status'), '{{model}} {{status}}']],
        },
        {
          title: 'Attempts',
          unit: 'ops',
          lines: [[perSecond('lathe_attempts_total', 'model, outcome'), '{{model}} {{outcome}}']],
        },
        {
          title: 'Leases that expired in an hour',
          unit: 'short',
          lines: [['sum by (model) (increase(lathe_lease_expiries_total[1h]))', '{{model}}']],
        },
        {
          title: 'Webhooks',
          unit: 'ops',
          lines: [[perSecond('lathe_webhook_deliveries_total', 'outcome'), '{{outcome}}']],
        },
      ],
    },
  ],
};
