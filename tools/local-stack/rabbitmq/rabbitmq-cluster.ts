import type { BrokerDefinitions } from '../../provision/broker.js';
import { prepareHaproxy } from '../haproxy/haproxy.js';
import type { Supervised } from '../processes/supervised.js';
import { SetupProblem } from '../setup-problem.js';
import type { StackContext } from '../stack-context.js';
import type { Installation } from './rabbitmq-installation.js';
import { prepareNode } from './rabbitmq-node.js';
import type { RabbitmqServer } from './rabbitmq-server.js';

/**
 * Several nodes on loopback that form one broker, with HAProxy before them, ready to be started: `rabbitmq-1`, `rabbitmq-2`, …, and
 * `broker-balancer`. Queues that are declared when all of them run have a member on three of them.
 */
export async function prepareCluster(
  context: StackContext,
  { installation, source }: { installation: Installation; source: string },
  definitions: BrokerDefinitions,
  size: number,
): Promise<RabbitmqServer> {
  if (!context.throwaway) throw new SetupProblem('A cluster on one machine is for tests: it makes nothing safer.');
  const { state } = context;
  const epmdPort = await state.port('epmd');
  const places: { name: string; amqp: number; management: number }[] = [];
  const servers: Record<string, Supervised> = {};
  for (let nth = 1; nth <= size; nth++) {
    const name = `rabbitmq-${nth}`;
    const ports = {
      amqp: await state.port(`amqp-${nth}`),
      distribution: await state.port(`erlang-${nth}`),
      epmd: epmdPort,
      management: await state.port(`management-${nth}`),
    };
    const node = { name, joins: nth === 1 ? undefined : 'rabbitmq-1' };
    const { epmd, server } = prepareNode(context, installation, ports, definitions, node);
    servers.epmd ??= epmd;
    servers[name] = server;
    places.push({ name, amqp: ports.amqp, management: ports.management });
  }
  const amqp = await state.port('amqp');
  const management = await state.port('management');
  servers['broker-balancer'] = await prepareHaproxy(context, 'broker-balancer', [
    { name: 'amqp', port: amqp, mode: 'tcp', servers: places.map((at) => ({ name: at.name, port: at.amqp })) },
    {
      name: 'management',
      port: management,
      mode: 'tcp',
      servers: places.map((at) => ({ name: at.name, port: at.management })),
    },
  ]);
  return {
    servers,
    start: () => startInOrder(servers),
    baseUrl: `amqp://127.0.0.1:${amqp}`,
    managementUrl: `http://127.0.0.1:${management}`,
    source: `${source}, ${size} nodes`,
  };
}

/** The first node makes the cluster that the others join. */
async function startInOrder({ epmd, 'rabbitmq-1': first, ...others }: Record<string, Supervised>): Promise<void> {
  await epmd?.start();
  await first?.start();
  await Promise.all(Object.values(others).map((server) => server.start()));
}
