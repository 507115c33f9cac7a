import { createHash } from 'node:crypto';
import {
  brokerUrl,
  brokerUsers,
  passwordHash,
  permissions,
  rabbitmqDefinitions,
  withAdministrator,
  withCelery,
  type BrokerUser,
} from './broker.js';

const passwords = Object.fromEntries(brokerUsers.map((user) => [user, `secret of ${user}`])) as Record<
  BrokerUser,
  string
>;

type Right = 'configure' | 'write' | 'read';
const may = (user: BrokerUser, vhost: string, right: Right, name: string): boolean =>
  permissions.some((rule) => rule.user === user && rule.vhost === vhost && new RegExp(rule[right]).test(name));

describe("a user's rights on the broker", () => {
  it.each<[BrokerUser, string, Right, string, boolean]>([
    ['auth', 'lathe', 'configure', 'auth.questions', true],
    ['auth', 'lathe', 'configure', 'events.dead', true],
    ['auth', 'lathe', 'configure', 'task.questions', false],
    ['auth', 'lathe', 'configure', 'authx', false],
    ['auth', 'lathe', 'configure', 'xauth.questions', false],
    ['auth', 'lathe', 'write', 'amq.default', true],
    ['auth', 'lathe', 'write', 'task.events', false],
    ['auth', 'lathe', 'read', 'task.events', false],
    ['auth', 'ml', 'read', 'ml.events', false],
    ['ml-bridge', 'lathe', 'read', 'ml-bridge.events', true],
    ['ml-bridge', 'lathe', 'read', 'task.events', false],
    ['ml-bridge', 'ml', 'configure', 'ml.jobs.cpu', true],
    ['ml-bridge', 'ml', 'configure', 'celery', false],
    ['gateway', 'lathe', 'configure', 'events', false],
    ['gateway', 'lathe', 'configure', 'auth.questions', false],
    ['gateway', 'lathe', 'read', 'auth.questions', false],
    ['gateway', 'lathe', 'configure', 'gateway.events.1', true],
    ['engine', 'lathe', 'read', 'task.questions', false],
    ['engine', 'ml', 'configure', 'amq.gen-x1', true],
    ['engine', 'ml', 'configure', 'ml.jobs.cpu', false],
    ['engine', 'ml', 'read', 'ml.jobs.cpu', true],
    ['engine', 'ml', 'read', 'ml.events', false],
    ['engine', 'ml', 'read', 'ml.dead', false],
    ['engine', 'ml', 'write', 'ml.control', false],
    ['engine', 'ml', 'write', 'ml.events', true],
    ['engine', 'ml', 'write', 'amq.default', false],
  ])('%s in %s: %s %s is %s', (user, vhost, right, name, expected) => {
    expect(may(user, vhost, right, name)).toBe(expected);
  });
});

describe('the definitions for the broker', () => {
  it('never hold a password, and salt equal ones differently', () => {
    const same = Object.fromEntries(brokerUsers.map((user) => [user, 'one password'])) as Record<BrokerUser, string>;
    const { users } = rabbitmqDefinitions(same);
    expect(JSON.stringify(users)).not.toContain('one password');
    expect(new Set(users.map((user) => user.password_hash)).size).toBe(brokerUsers.length);
  });

  it('hash as RabbitMQ does: salt, then SHA-256 of salt and password', () => {
    const stored = Buffer.from(passwordHash('test12', Buffer.from('908dc60a', 'hex')), 'base64');
    expect(stored.subarray(0, 4).toString('hex')).toBe('908dc60a');
    const expected = createHash('sha256').update(Buffer.from('908dc60a746573743132', 'hex')).digest('hex');
    expect(stored.subarray(4).toString('hex')).toBe(expected);
  });

  it('name no administrator unless one is added, who then reaches every vhost', () => {
    const plain = rabbitmqDefinitions(passwords);
    expect(plain.users.flatMap((user) => user.tags)).toEqual([]);
    const { users, permissions: rights } = withAdministrator(plain, 'admin', 'x');
    expect(users.at(-1)).toMatchObject({ name: 'admin', tags: ['administrator'] });
    expect(rights.filter((rule) => rule.user === 'admin').map((rule) => rule.vhost)).toEqual(['lathe', 'ml', '/']);
  });

  it("give Celery's workers a vhost of their own, and nobody else's", () => {
    const { users, vhosts: places, permissions: rights } = withCelery(rabbitmqDefinitions(passwords), 'x');
    expect(users.at(-1)).toMatchObject({ name: 'celery', tags: [] });
    expect(places.at(-1)).toEqual({ name: 'celery' });
    expect(rights.filter((rule) => rule.user === 'celery' || rule.vhost === 'celery')).toEqual([
      { user: 'celery', vhost: 'celery', configure: '.*', write: '.*', read: '.*' },
    ]);
  });
});

describe('an address on the broker', () => {
  it('escapes the vhost and the password', () => {
    expect(brokerUrl('amqp://127.0.0.1:25001', 'admin', 'p/w@', '/')).toBe('amqp://admin:p%2Fw%40@127.0.0.1:25001/%2F');
  });
});
