import type { BrokerDefinitions } from '../../provision/broker.js';
import { SetupProblem } from '../setup-problem.js';
import type { StackContext } from '../stack-context.js';
import { cacheFolder } from '../state/folders.js';
import { speaksAmqp } from './amqp-probe.js';
import type { BrokerPorts } from './rabbitmq-configuration.js';
import { prepareCluster } from './rabbitmq-cluster.js';
import { dockerRuns, prepareContainer } from './rabbitmq-container.js';
import { installationIn, installedOnSystem, type Installation } from './rabbitmq-installation.js';
import { prepareNode } from './rabbitmq-node.js';
import { unpackFolder, unpackPackages } from './rabbitmq-packages.js';
import type { RabbitmqServer } from './rabbitmq-server.js';

/**
 * A private RabbitMQ on loopback ports, ready to be started, with the users, vhosts and permissions of `definitions`: one node, or a
 * cluster of several.
 */
export async function prepareRabbitmq(
  context: StackContext,
  definitions: BrokerDefinitions,
  nodes = 1,
): Promise<RabbitmqServer> {
  const { installation, source, failure } = await findRabbitmq(context);
  if (nodes > 1) {
    if (!installation) throw new SetupProblem(nowhereToBeFound(failure));
    return prepareCluster(context, { installation, source }, definitions, nodes);
  }
  const { state } = context;
  const ports: BrokerPorts = {
    amqp: await state.port('amqp'),
    distribution: await state.port('erlang'),
    epmd: await state.port('epmd'),
    management: context.throwaway ? await state.port('management') : undefined,
  };
  const baseUrl = `amqp://127.0.0.1:${ports.amqp}`;
  const managementUrl = ports.management === undefined ? undefined : `http://127.0.0.1:${ports.management}`;
  if (installation) {
    const { epmd, server } = prepareNode(context, installation, ports, definitions);
    const start = (): Promise<void> => epmd.start().then(() => server.start());
    return { servers: { epmd, rabbitmq: server }, start, baseUrl, managementUrl, source };
  }
  if (!dockerRuns()) throw new SetupProblem(nowhereToBeFound(failure));
  const { server, image } = prepareContainer(context, ports, definitions, () => speaksAmqp(ports.amqp));
  return {
    servers: { rabbitmq: server },
    start: () => server.start(),
    baseUrl,
    managementUrl,
    source: `docker ${image}`,
  };
}

interface Found {
  installation?: Installation;
  source: string;
  failure?: string | undefined;
}

async function findRabbitmq(context: StackContext): Promise<Found> {
  const installed = installedOnSystem();
  if (installed) return { installation: installed, source: `RabbitMQ ${installed.version}, installed` };
  const folder = unpackFolder(cacheFolder());
  const kept = installationIn(folder);
  if (kept) return { installation: kept, source: `RabbitMQ ${kept.version}, unpacked in ${folder}` };
  const { installation, failure } = await unpackPackages(context, folder);
  if (!installation) return { source: '', failure };
  return { installation, source: `RabbitMQ ${installation.version}, unpacked now in ${folder}` };
}

export const nowhereToBeFound = (failure: string | undefined): string =>
  [
    `RabbitMQ is not installed and could not be fetched${failure ? `: ${failure}` : ''}.`,
    'Do ONE of these and run the same command again:',
    '  Debian, Ubuntu:   connect this machine to its package archive, or run  sudo apt-get install -y rabbitmq-server',
    '                    (its own server is not used: sudo systemctl disable --now rabbitmq-server)',
    '  macOS:            brew install rabbitmq',
    '  with Docker:      start it, the broker then runs as a container; or "docker compose up" for everything',
    '  a broker of yours: RABBITMQ_URL=amqp://user:password@host:5672/vhost npm start',
  ].join('\n');
