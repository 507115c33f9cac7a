import { createHash, randomBytes } from 'node:crypto';

/** Everybody who speaks to the broker, each with its own user. */
export const brokerUsers = ['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine'] as const;
export type BrokerUser = (typeof brokerUsers)[number];

/** `lathe` carries our own traffic. ML workers see only `ml`; the bridge alone is in both. */
export const vhosts = ['lathe', 'ml'] as const;
export type Vhost = (typeof vhosts)[number];

export interface Permission {
  user: string;
  vhost: string;
  configure: string;
  write: string;
  read: string;
}

const anyOf = (...patterns: string[]): string => `^(${patterns.join('|')})$`;

/** The queue that carries RPC answers back without being declared (RabbitMQ's direct reply-to). */
const replies = String.raw`amq\.rabbitmq\.reply-to.*`;
/** A queue named by the broker, exclusive to its connection. */
const ownQueue = String.raw`amq\.gen-.*`;

/** A service owns `<service>.*`, shares the event exchanges, and answers RPC through the default exchange. */
function servicePermission(service: BrokerUser): Permission {
  const own = String.raw`${service}\..*`;
  const events = ['events', String.raw`events\.dead`];
  return {
    user: service,
    vhost: 'lathe',
    configure: anyOf(own, ...events),
    write: anyOf(own, ...events, String.raw`amq\.default`),
    read: anyOf(own, ...events, replies),
  };
}

/** What each user may do, and nothing more. The patterns are checked by the broker against queue and exchange names. */
export const permissions: readonly Permission[] = [
  {
    user: 'gateway',
    vhost: 'lathe',
    configure: anyOf(String.raw`gateway\..*`),
    write: anyOf(String.raw`gateway\..*`, String.raw`amq\.default`),
    read: anyOf(String.raw`gateway\..*`, 'events', replies),
  },
  servicePermission('auth'),
  servicePermission('task'),
  servicePermission('storage'),
  servicePermission('ml-bridge'),
  {
    user: 'ml-bridge',
    vhost: 'ml',
    configure: anyOf(String.raw`ml\..*`),
    write: anyOf(String.raw`ml\..*`, String.raw`amq\.default`),
    read: anyOf(String.raw`ml\..*`),
  },
  {
    user: 'engine',
    vhost: 'ml',
    configure: anyOf(ownQueue),
    write: anyOf(ownQueue, String.raw`ml\.events`),
    read: anyOf(ownQueue, String.raw`ml\.jobs\..*`, String.raw`ml\.control`),
  },
];

/** What RabbitMQ 3.10 to 4.x read at start (`load_definitions`) and take over HTTP (`POST /api/definitions`). */
export interface BrokerDefinitions {
  users: { name: string; password_hash: string; hashing_algorithm: string; tags: string[] }[];
  vhosts: { name: string }[];
  permissions: Permission[];
}

/** Users, vhosts and permissions of the whole system. Queues and exchanges are declared by the services themselves. */
export function rabbitmqDefinitions(passwords: Record<BrokerUser, string>): BrokerDefinitions {
  return {
    users: brokerUsers.map((name) => userDefinition(name, passwords[name], [])),
    vhosts: vhosts.map((name) => ({ name })),
    permissions: [...permissions],
  };
}

/** The same with an administrator, who can do anything in every vhost and use the management interface. */
export function withAdministrator(definitions: BrokerDefinitions, name: string, password: string): BrokerDefinitions {
  const all = [...definitions.vhosts, { name: '/' }];
  return {
    users: [...definitions.users, userDefinition(name, password, ['administrator'])],
    vhosts: all,
    permissions: [
      ...definitions.permissions,
      ...all.map((vhost) => ({ user: name, vhost: vhost.name, configure: '.*', write: '.*', read: '.*' })),
    ],
  };
}

/** The same with a virtual host for Celery's workers, who declare what they like in it and enter no other. */
export function withCelery(definitions: BrokerDefinitions, password: string): BrokerDefinitions {
  const [name, all] = ['celery', '.*'];
  return {
    users: [...definitions.users, userDefinition(name, password, [])],
    vhosts: [...definitions.vhosts, { name }],
    permissions: [...definitions.permissions, { user: name, vhost: name, configure: all, write: all, read: all }],
  };
}

const userDefinition = (name: string, password: string, tags: string[]): BrokerDefinitions['users'][number] => ({
  name,
  password_hash: passwordHash(password, randomBytes(4)),
  hashing_algorithm: 'rabbit_password_hashing_sha256',
  tags,
});

/** RabbitMQ's own form: base64 of a 4-byte salt followed by SHA-256(salt + password). https://www.rabbitmq.com/docs/passwords */
export function passwordHash(password: string, salt: Buffer): string {
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

/** An AMQP address for one user and vhost on the broker that `base` names. */
export function brokerUrl(base: string, user: string, password: string, vhost: string): string {
  const url = new URL(base);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(vhost)}`;
  return url.href;
}

/** Puts definitions into a running broker over its management interface, whose URL carries the administrator's name and password. */
export async function uploadDefinitions(managementUrl: string, definitions: BrokerDefinitions): Promise<void> {
  const url = new URL('api/definitions', managementUrl.endsWith('/') ? managementUrl : `${managementUrl}/`);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(definitions),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`RabbitMQ refused the definitions: ${answer.status} ${await answer.text()}`);
}
