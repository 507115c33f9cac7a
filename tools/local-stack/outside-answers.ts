import { connect } from 'node:net';
import type { Outside } from './outside.js';
import { SetupProblem } from './setup-problem.js';

const patienceMs = 5000;
const usualPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'amqp:': 5672,
  'amqps:': 5671,
  'http:': 80,
  'https:': 443,
};

/** Throws a SetupProblem that names the setting when one of the servers takes no connection within five seconds. */
export async function requireOutsideAnswers(outside: Outside): Promise<void> {
  await Promise.all([
    requireAnswer('DATABASE_URL', outside.databaseUrl),
    requireAnswer('RABBITMQ_URL', outside.brokerUrl),
    requireAnswer('ML_RABBITMQ_URL', outside.workerBrokerUrl),
    requireAnswer('S3_ENDPOINT', outside.objectStore?.endpoint),
  ]);
}

async function requireAnswer(setting: string, url: string | undefined): Promise<void> {
  if (!url) return;
  const { protocol, hostname, port, host } = new URL(url);
  if (!hostname) return; // a socket file
  const reason = await refusal(hostname.replaceAll(/[[\]]/g, ''), Number(port) || usualPorts[protocol]!);
  if (reason === undefined) return;
  throw new SetupProblem(
    `${setting} names ${host}, where no server takes connections (${reason}). Start it, correct ${setting}, or unset it: then a private server is started.`,
  );
}

/** Why no connection can be made, or undefined. */
function refusal(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const settle = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => settle());
    socket.once('timeout', () => settle('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}
