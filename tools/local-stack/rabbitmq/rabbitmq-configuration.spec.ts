import { brokerEnvironment, enabledPlugins, erlangStarter, rabbitmqConf } from './rabbitmq-configuration.js';
import type { Installation } from './rabbitmq-installation.js';

const unpacked: Installation = {
  server: '/cache/usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8/sbin/rabbitmq-server',
  epmd: '/cache/usr/lib/erlang/erts-13/bin/epmd',
  version: '3.10.8',
  erlang: { root: '/cache/usr/lib/erlang', runtime: '/cache/usr/lib/erlang/erts-13' },
  libraries: ['/cache/usr/lib/x86_64-linux-gnu'],
};
const ports = { amqp: 25_001, distribution: 25_002, epmd: 25_003 };

describe("RabbitMQ's configuration", () => {
  it('listens where it is told, knows everybody from the definitions, and has no management unless asked', () => {
    const conf = rabbitmqConf({ listener: '127.0.0.1:25001', definitionsFile: 'definitions.json' });
    expect(conf).toContain('listeners.tcp.default = 127.0.0.1:25001\n');
    expect(conf).toContain('load_definitions = definitions.json\n');
    expect(conf).not.toMatch(/default_user|management/);
    expect(enabledPlugins(false)).toBe('[].\n');
    const management = { ip: '127.0.0.1', port: 25_004 };
    expect(rabbitmqConf({ listener: '127.0.0.1:25001', definitionsFile: 'd', management })).toContain(
      'management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = 25004\n',
    );
  });

  it('names no file outside its own folder, so that a server of the system is not touched', () => {
    const { PATH, LD_LIBRARY_PATH, ...rest } = brokerEnvironment(unpacked, '/data/rabbitmq', '/data/log', ports);
    expect(PATH?.split(':').slice(0, 2)).toEqual(['/data/rabbitmq/bin', '/cache/usr/lib/erlang/erts-13/bin']);
    expect(LD_LIBRARY_PATH).toBe('/cache/usr/lib/x86_64-linux-gnu');
    const files = Object.values(rest).filter((value) => value.startsWith('/'));
    expect(files.filter((file) => !file.startsWith('/data/'))).toEqual([]);
  });

  it('uses libraries of its own only where the system lacks them', () => {
    const environment = brokerEnvironment({ ...unpacked, libraries: [] }, '/data/rabbitmq', '/data/log', ports);
    expect(environment).not.toHaveProperty('LD_LIBRARY_PATH');
  });

  it('tells an unpacked Erlang where it is', () => {
    expect(erlangStarter({ root: '/a b/erlang', runtime: '/a b/erlang/erts-13' })).toContain(
      "ROOTDIR='/a b/erlang' BINDIR='/a b/erlang/erts-13/bin'",
    );
  });
});
