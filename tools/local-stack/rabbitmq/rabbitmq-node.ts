import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrokerDefinitions } from '../../provision/broker.js';
import { Supervised } from '../processes/supervised.js';
import { supervision, type StackContext } from '../stack-context.js';
import { acceptsConnections, speaksAmqp } from './amqp-probe.js';
import {
  brokerEnvironment,
  enabledPlugins,
  erlangResolver,
  erlangStarter,
  rabbitmqConf,
  type BrokerPorts,
} from './rabbitmq-configuration.js';
import type { Installation } from './rabbitmq-installation.js';

export interface NodeOfCluster {
  name: string;
  /** The node whose cluster it joins at its first start; none for the first one. */
  joins: string | undefined;
}

/** The server and the name server it needs, with everything they read written into the data folder. One that is alone unless told. */
export function prepareNode(
  context: StackContext,
  installation: Installation,
  ports: BrokerPorts,
  definitions: BrokerDefinitions,
  node?: NodeOfCluster,
): Record<'epmd' | 'server', Supervised> {
  const name = node?.name ?? 'rabbitmq';
  const folder = node ? path.join(context.dataDir, name) : nodeFolder(context, installation.version);
  const booted = path.join(folder, 'booted');
  // A node that was killed in its very first start may have left half of its own tables: nothing is lost by starting anew.
  if (!existsSync(booted)) rmSync(path.join(folder, 'data'), { recursive: true, force: true });
  writeNodeFiles(folder, installation, ports, definitions, {
    cookie: context.state.secret('erlang'),
    joins: node?.joins && erlangName(node.joins),
  });
  const env = brokerEnvironment(
    installation,
    folder,
    path.join(context.dataDir, 'log'),
    ports,
    node && erlangName(name),
  );
  const child = (title: string, file: string, args: string[]) => () =>
    context.children.start({ name: title, file, args, env, cwd: folder, stopSignal: 'SIGTERM' });
  const epmd = new Supervised({
    ...supervision(context, 15_000),
    title: "RabbitMQ's name server",
    launch: child('epmd', installation.epmd, ['-port', String(ports.epmd), '-address', '127.0.0.1']),
    answers: () => acceptsConnections(ports.epmd),
  });
  const server = new Supervised({
    ...supervision(context, 120_000),
    title: node ? `RabbitMQ ${name}` : 'RabbitMQ',
    launch: child(name, installation.server, []),
    answers: async () => {
      const ready = await speaksAmqp(ports.amqp);
      if (ready) writeFileSync(booted, '');
      return ready;
    },
  });
  return { epmd, server };
}

const erlangName = (node: string): string => `${node}@localhost`;

/** One folder per minor version: RabbitMQ cannot read the tables of just any earlier one. */
function nodeFolder({ dataDir, log }: StackContext, version: string): string {
  const parent = path.join(dataDir, 'rabbitmq');
  const minor = version.split('.').slice(0, 2).join('.');
  const others = existsSync(parent) ? readdirSync(parent).filter((name) => name !== minor) : [];
  if (others.length > 0 && !existsSync(path.join(parent, minor))) {
    log(`RabbitMQ is now ${version}: its queues start empty, those of ${others.join(', ')} stay in ${parent}`);
  }
  return path.join(parent, minor);
}

function writeNodeFiles(
  folder: string,
  { erlang }: Installation,
  { amqp, management }: BrokerPorts,
  definitions: BrokerDefinitions,
  { cookie, joins }: { cookie: string; joins: string | undefined },
): void {
  for (const name of ['bin', 'home', 'data', 'config', 'schema']) {
    mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  }
  const write = (name: string, content: string, mode = 0o600): void => {
    const file = path.join(folder, name);
    rmSync(file, { force: true });
    writeFileSync(file, content, { mode });
    chmodSync(file, mode);
  };
  // Relative to the folder it runs in: the configuration's syntax has no way to write a path with spaces or umlauts.
  const definitionsFile = 'definitions.json';
  const web = management === undefined ? undefined : { ip: '127.0.0.1', port: management };
  write(definitionsFile, JSON.stringify(definitions));
  write('rabbitmq.conf', rabbitmqConf({ listener: `127.0.0.1:${amqp}`, definitionsFile, management: web, joins }));
  write('enabled_plugins', enabledPlugins(management !== undefined));
  write('env.conf', '');
  write('inetrc', erlangResolver);
  write('home/.erlang.cookie', cookie, 0o400);
  if (erlang) write('bin/erl', erlangStarter(erlang), 0o700);
}
