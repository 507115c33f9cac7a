import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrokerDefinitions } from '../../provision/broker.js';
import { works } from '../processes/command.js';
import { Supervised } from '../processes/supervised.js';
import { supervision, type StackContext } from '../stack-context.js';
import { enabledPlugins, rabbitmqConf, type BrokerPorts } from './rabbitmq-configuration.js';

/** Whether a Docker engine answers. */
export const dockerRuns = (): boolean => works('docker', 'version');

/** Ports and the folder of our settings inside the container. */
const inside = { amqp: 5672, management: 15672, settings: '/etc/lathe' } as const;

/** RabbitMQ's own image with our configuration, published on loopback only; its data are in a volume named after the data folder. */
export function prepareContainer(
  context: StackContext,
  ports: BrokerPorts,
  definitions: BrokerDefinitions,
  answers: () => Promise<boolean>,
): { server: Supervised; image: string } {
  const image = process.env.RABBITMQ_IMAGE ?? 'rabbitmq:4-management';
  const name = `lathe-rabbitmq-${createHash('sha256').update(context.dataDir).digest('hex').slice(0, 12)}`;
  const settings = writeSettings(path.join(context.dataDir, 'rabbitmq', 'container'), ports, definitions);
  const published = [`127.0.0.1:${ports.amqp}:${inside.amqp}`];
  if (ports.management !== undefined) published.push(`127.0.0.1:${ports.management}:${inside.management}`);
  const volumes = [`${settings}:${inside.settings}:ro`];
  if (!context.throwaway) volumes.push(`${name}:/var/lib/rabbitmq`);
  const variables = [
    `RABBITMQ_CONFIG_FILE=${inside.settings}/rabbitmq`, // without ".conf"
    `RABBITMQ_ENABLED_PLUGINS_FILE=${inside.settings}/enabled_plugins`,
  ];
  const args = ['run', '--rm', '--name', name, '--hostname', 'lathe'];
  args.push(...options('-p', published), ...options('-v', volumes), ...options('-e', variables), image);
  const server = new Supervised({
    title: `RabbitMQ in Docker (${image})`,
    launch: () => {
      spawnSync('docker', ['rm', '-f', name], { stdio: 'ignore' }); // what a killed launcher left
      return context.children.start({
        name: 'rabbitmq',
        file: 'docker',
        args,
        env: process.env,
        cwd: context.dataDir,
        stopSignal: 'SIGTERM', // the client passes it on to the container
      });
    },
    answers,
    ...supervision(context, 300_000), // the image may have to be pulled
    stopSignal: undefined, // a killed client would leave its container running
  });
  return { server, image };
}

const options = (flag: string, values: string[]): string[] => values.flatMap((value) => [flag, value]);

/** The container's user may read them; the folder above is closed to everybody else on this machine. */
function writeSettings(closed: string, ports: BrokerPorts, definitions: BrokerDefinitions): string {
  const folder = path.join(closed, 'settings');
  mkdirSync(closed, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const management = ports.management === undefined ? undefined : { ip: '0.0.0.0', port: inside.management };
  const definitionsFile = `${inside.settings}/definitions.json`;
  const files = {
    'definitions.json': JSON.stringify(definitions),
    'rabbitmq.conf': rabbitmqConf({ listener: `0.0.0.0:${inside.amqp}`, definitionsFile, management }),
    enabled_plugins: enabledPlugins(management !== undefined),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content, { mode: 0o644 });
  return folder;
}
