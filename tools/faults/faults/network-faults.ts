import { proxiedServers, type ProxiedServer } from '../system/proxied-stack.js';
import type { Disturbance } from '../proxy/disturbance.js';
import type { Fault } from './fault.js';

/** Noticeable, and not yet beyond any limit of the services. */
const latencyMs: Record<ProxiedServer, number> = { broker: 150, database: 60, store: 300 };

/** Slowness, a lost connection that nobody is told of, and a broken one, in front of every server. */
export const networkFaults: Fault[] = [
  ...proxiedServers.flatMap((server) => [
    disturbance(`latency ${server}`, server, [3000, 6000], { latencyMs: latencyMs[server] }),
    disturbance(`half-open ${server}`, server, [4000, 8000], { halfOpen: true }),
    reset(server),
  ]),
  disturbance('trickle store', 'store', [3000, 6000], { bytesPerSecond: 50_000 }),
];

function disturbance(name: string, server: ProxiedServer, lasts: Fault['lasts'], how: Partial<Disturbance>): Fault {
  return {
    name,
    lasts,
    inject: async ({ proxies }) => proxies[server].disturb(how),
    heal: async ({ proxies }) => proxies[server].heal(),
  };
}

/** Everything that is connected is cut, and new connections too, for a while. */
function reset(server: ProxiedServer): Fault {
  return {
    name: `reset ${server}`,
    lasts: [500, 3000],
    inject: async ({ proxies }) => {
      proxies[server].disturb({ refuse: true });
      proxies[server].resetAll();
    },
    heal: async ({ proxies }) => proxies[server].heal(),
  };
}
