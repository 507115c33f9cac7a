import { randomBytes } from 'node:crypto';
import { queue } from './celery-workers.js';

/** All that a worker of Celery without mingle and gossip needs of a RabbitMQ (docs/workers.md). */
const rights = {
  configure: `^(${queue}|celeryev|celery\\.pidbox|.*\\.celery\\.pidbox)$`,
  write: `^(${queue}|amq\\.default|celeryev|.*\\.celery\\.pidbox)$`,
  read: `^(${queue}|celery\\.pidbox|.*\\.celery\\.pidbox)$`,
};

/** The address of a virtual host for a new user who has these rights alone. */
export async function forWorkers(administrator: string): Promise<string> {
  const url = new URL(administrator);
  const user = `worker-${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await manage(`users/${user}`, { password, tags: '' });
  await manage(`permissions/${encodeURIComponent(url.pathname.slice(1))}/${user}`, rights);
  return Object.assign(url, { username: user, password }).href;
}

async function manage(path: string, body: object): Promise<void> {
  const base = new URL(process.env.TEST_RABBITMQ_MANAGEMENT_URL!);
  const login = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  const { ok, status } = await fetch(`${base.origin}/api/${path}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  if (!ok) throw new Error(`PUT ${path}: ${status}`);
}
