import { randomBytes } from 'node:crypto';
import { connect, type Options } from 'amqplib';
import { coordinate } from './coordinate.js';
import { eventually } from './eventually.js';

export interface FreshBroker {
  /** An administrator's address of the private virtual host. */
  url: string;
  /** Ends every connection of this virtual host, as a restart of the broker would. */
  dropConnections(): Promise<void>;
  /** Messages in a queue that nobody has taken, or undefined while there is no such queue. */
  depthOf(queue: string): Promise<number | undefined>;
  /** Puts a message into a queue past every client of the test; resolves when the broker has it. */
  put(queue: string, body: string, properties?: Options.Publish): Promise<void>;
  drop(): Promise<void>;
}

/** A virtual host of the test's own on the throw-away RabbitMQ. */
export async function freshBroker(): Promise<FreshBroker> {
  const url = new URL(coordinate('TEST_RABBITMQ_URL'));
  const vhost = `test-${randomBytes(6).toString('hex')}`;
  const user = decodeURIComponent(url.username);
  await manage('PUT', `vhosts/${vhost}`);
  await manage('PUT', `permissions/${vhost}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  url.pathname = `/${vhost}`;
  return {
    url: url.href,
    dropConnections: () =>
      eventually(async () => {
        const open = (await (await manage('GET', `vhosts/${vhost}/connections`)).json()) as { name: string }[];
        if (open.length === 0) throw new Error('the broker lists no connection yet');
        await Promise.all(open.map(({ name }) => manage('DELETE', `connections/${encodeURIComponent(name)}`)));
      }),
    depthOf: (queue) => depthOf(url.href, queue),
    put: (queue, body, properties) => put(url.href, queue, body, properties),
    drop: async () => {
      await manage('DELETE', `vhosts/${vhost}`, undefined, [404]);
    },
  };
}

/** Asked over AMQP: the management interface knows it only seconds later. */
async function depthOf(url: string, queue: string): Promise<number | undefined> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {}); // no such queue
    return (await channel.checkQueue(queue)).messageCount;
  } catch {
    return undefined;
  } finally {
    await connection.close().catch(() => {});
  }
}

async function put(url: string, queue: string, body: string, properties?: Options.Publish): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from(body), properties);
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

async function manage(method: string, path: string, body?: object, accepted: number[] = []): Promise<Response> {
  const base = new URL(coordinate('TEST_RABBITMQ_MANAGEMENT_URL'));
  const login = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  const answer = await fetch(`${base.origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok && !accepted.includes(answer.status)) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}
