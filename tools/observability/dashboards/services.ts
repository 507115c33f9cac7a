import type { Dashboard } from '../dashboard.js';
import { largest, perSecond, quantile } from '../promql.js';

/** How the services and what they need are. */
export const services: Dashboard = {
  uid: 'services',
  title: 'Lathe: services',
  rows: [
    {
      title: 'Questions between services',
      panels: [
        {
          title: 'Answered',
          unit: 'reqps',
          lines: [[perSecond('lathe_rpc_handled_seconds_count', 'key'), '{{key}}']],
        },
        {
          title: 'Refused or failed',
          unit: 'reqps',
          lines: [[perSecond('lathe_rpc_called_seconds_count{outcome!="ok"}', 'key, outcome'), '{{key}} {{outcome}}']],
        },
        {
          title: 'Time of 95 %, as who asks sees it',
          unit: 's',
          lines: [[quantile(0.95, ['lathe_rpc_called_seconds'], 'key'), '{{key}}']],
        },
      ],
    },
    {
      title: 'Messages and recurring work',
      panels: [
        {
          title: 'Messages taken in',
          unit: 'ops',
          lines: [[perSecond('lathe_event_handled_seconds_count', 'job, outcome'), '{{job}} {{outcome}}']],
        },
        {
          title: 'Age of the oldest untold fact',
          unit: 's',
          lines: [[largest('lathe_outbox_oldest_seconds', 'job'), '{{job}}']],
        },
        {
          title: 'Parked messages',
          unit: 'short',
          lines: [[largest('rabbitmq_detailed_queue_messages{queue=~".+[.]dead"}', 'queue'), '{{queue}}']],
        },
        {
          title: 'Rounds that failed',
          unit: 'ops',
          lines: [[perSecond('lathe_work_round_seconds_count{outcome!="ok"}', 'job, work'), '{{job}} {{work}}']],
        },
      ],
    },
    {
      title: 'What they need',
      panels: [
        {
          title: 'Dependencies, 1 is up',
          unit: 'short',
          lines: [['min by (job, dependency) (lathe_dependency_up)', '{{job}} {{dependency}}']],
        },
        {
          title: 'Database connections in use',
          unit: 'percentunit',
          about: 'Of those that a process may hold, in the fullest replica.',
          lines: [
            [
              'max by (job) (sum by (job, instance) (lathe_database_connections{state="busy"}) / sum by (job, instance) (lathe_database_connections_max))',
              '{{job}}',
            ],
          ],
        },
        {
          title: 'What waits',
          about: 'For a database connection, to hash a password, or to tell a fact to the broker.',
          unit: 'short',
          lines: [
            [largest('lathe_database_waiting', 'job'), '{{job}} connection'],
            [largest('lathe_outbox_waiting', 'job'), '{{job}} fact'],
            [largest('lathe_password_hashes_waiting', 'job'), '{{job}} password'],
          ],
        },
        {
          title: 'Store left alone, 1 is yes',
          unit: 'short',
          lines: [[largest('lathe_store_breaker_open', 'job'), '{{job}}']],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        { title: 'Replicas that answer', unit: 'short', lines: [['sum by (job) (up)', '{{job}}']] },
        {
          title: 'Event loop, 99 %',
          unit: 's',
          lines: [[largest('nodejs_eventloop_lag_p99_seconds', 'job, instance'), '{{job}} {{instance}}']],
        },
        {
          title: 'Processors in use',
          unit: 'short',
          lines: [[perSecond('process_cpu_seconds_total', 'job, instance'), '{{job}} {{instance}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          lines: [[largest('process_resident_memory_bytes', 'job, instance'), '{{job}} {{instance}}']],
        },
      ],
    },
  ],
};
