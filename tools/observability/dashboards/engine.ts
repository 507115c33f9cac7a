import type { Dashboard } from '../dashboard.js';
import { largest, perSecond } from '../promql.js';

const ofEngine = '{job="engine"}';

/** Our own engines, and what the bridge hears from all workers. */
export const engine: Dashboard = {
  uid: 'engine',
  title: 'Lathe: engine',
  rows: [
    {
      title: 'Processes',
      panels: [
        { title: 'Replicas that answer', unit: 'short', lines: [[`sum(up${ofEngine})`, 'engines']] },
        {
          title: 'Processors in use',
          unit: 'short',
          lines: [[perSecond(`process_cpu_seconds_total${ofEngine}`, 'instance'), '{{instance}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          lines: [[largest(`process_resident_memory_bytes${ofEngine}`, 'instance'), '{{instance}}']],
        },
        {
          title: 'Event loop, 99 %',
          unit: 's',
          lines: [[largest(`nodejs_eventloop_lag_p99_seconds${ofEngine}`, 'instance'), '{{instance}}']],
        },
      ],
    },
    {
      title: 'Jobs',
      panels: [
        {
          title: 'Messages of workers, as the bridge takes them in',
          unit: 'ops',
          lines: [
            [perSecond('lathe_event_handled_seconds_count{job="ml-bridge"}', 'key, outcome'), '{{key}} {{outcome}}'],
          ],
        },
        {
          title: 'GPUs at work',
          unit: 'short',
          lines: [[perSecond('lathe_gpu_seconds_total', 'model'), '{{model}}']],
        },
      ],
    },
  ],
};
