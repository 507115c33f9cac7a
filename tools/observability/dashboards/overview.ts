import type { Dashboard } from '../dashboard.js';
import { largest, perSecond, quantile } from '../promql.js';

const http = 'lathe_http_request_seconds';
const ofGateway = '{job="gateway"}';
const ofFailures = '{job="gateway",status=~"5.."}';

/** How it goes: requests, the queue and the edge. */
export const overview: Dashboard = {
  uid: 'overview',
  title: 'Lathe: overview',
  rows: [
    {
      title: 'Now',
      panels: [
        { title: 'Requests', unit: 'reqps', single: true, lines: [[perSecond(`${http}_count${ofGateway}`), '']] },
        {
          title: 'Requests that fail',
          unit: 'percentunit',
          single: true,
          lines: [['lathe:api_errors:ratio_rate5m or vector(0)', '']],
        },
        {
          title: 'Slow answers',
          about: 'Longer than a second; what carries files or streams is not counted.',
          unit: 'percentunit',
          single: true,
          lines: [['lathe:api_slow:ratio_rate5m', '']],
        },
        {
          title: 'Tasks that wait',
          unit: 'short',
          single: true,
          lines: [['sum(max by (model) (lathe_tasks{status="queued"})) or vector(0)', '']],
        },
        {
          title: 'Tasks that run',
          unit: 'short',
          single: true,
          lines: [['sum(max by (model) (lathe_tasks{status="running"})) or vector(0)', '']],
        },
      ],
    },
    {
      title: 'Requests',
      panels: [
        { title: 'By route', unit: 'reqps', lines: [[perSecond(`${http}_count${ofGateway}`, 'route'), '{{route}}']] },
        {
          title: 'That failed, by route',
          unit: 'reqps',
          lines: [[perSecond(`${http}_count${ofFailures}`, 'route, status'), '{{status}} {{route}}']],
        },
        {
          title: 'Time of 95 % of answers, by route',
          unit: 's',
          lines: [[quantile(0.95, [http, ofGateway], 'route'), '{{route}}']],
        },
      ],
    },
    {
      title: 'Queue',
      panels: [
        {
          title: 'Tasks by status',
          unit: 'short',
          lines: [['sum by (status) (max by (model, status) (lathe_tasks))', '{{status}}']],
        },
        {
          title: 'Longest wait',
          unit: 's',
          lines: [[largest('lathe_queue_oldest_seconds', 'model'), '{{model}}']],
        },
        {
          title: 'Tasks that end',
          unit: 'ops',
          lines: [[perSecond('lathe_tasks_ended_total', 'status'), '{{status}}']],
        },
      ],
    },
    {
      title: 'At the edge',
      panels: [
        {
          title: 'Open watches and transfers',
          unit: 'short',
          lines: [
            ['sum(lathe_watches_open)', 'watches'],
            ['sum by (direction) (lathe_transfers_open)', '{{direction}}'],
          ],
        },
        {
          title: 'Refused by rate limits',
          unit: 'reqps',
          lines: [[perSecond('lathe_rate_limited_total', 'scope'), '{{scope}}']],
        },
        {
          title: 'Uploads',
          unit: 'ops',
          lines: [[perSecond('lathe_upload_seconds_count', 'outcome'), '{{outcome}}']],
        },
      ],
    },
  ],
};
