import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { redisProgram } from '../../debian/redis.js';
import { Supervised } from '../processes/supervised.js';
import { converse } from '../rabbitmq/amqp-probe.js';
import { SetupProblem } from '../setup-problem.js';
import { type StackContext, supervision } from '../stack-context.js';

export interface RedisServer {
  server: Supervised;
  /** `redis://:<password>@127.0.0.1:<port>/0`. */
  url: string;
}

/** A private Redis on a loopback port, ready to be started. It keeps nothing on disk. Throws a SetupProblem where there is no Redis. */
export async function prepareRedis(context: StackContext): Promise<RedisServer> {
  const program = await redisProgram(context.log);
  if ('missing' in program) throw new SetupProblem(nowhereToBeFound(program.missing));
  const port = await context.state.port('redis');
  const password = context.state.secret('redis');
  const folder = path.join(context.dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // in a file: other users of this machine see the arguments of a process
  writeFileSync(path.join(folder, 'redis.conf'), redisConf(port, password), { mode: 0o600 });
  const { file, args, env } = program;
  const server = new Supervised({
    ...supervision(context, 15_000),
    title: 'Redis',
    launch: () =>
      context.children.start({
        name: 'redis',
        file,
        args: [...args, 'redis.conf'],
        env,
        cwd: folder,
        stopSignal: 'SIGTERM',
      }),
    answers: () => accepts(port, password),
  });
  return { server, url: `redis://:${password}@127.0.0.1:${port}/0` };
}

/** Lasts as long as its process: what a broker for tests and demonstrations needs. */
export const redisConf = (port: number, password: string): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'daemonize no',
    'databases 16',
    '',
  ].join('\n');

/** Ours answers to its password; somebody else on the port does not. */
const accepts = (port: number, password: string): Promise<boolean> =>
  converse(port, Buffer.from(`AUTH ${password}\r\n`), (answer) => answer.toString('latin1').startsWith('+OK'));

export const nowhereToBeFound = (reason: string): string =>
  [
    `Redis is not installed, and ${reason}.`,
    'Do ONE of these and run the same command again:',
    '  Debian, Ubuntu:   connect this machine to its package archive, or run  sudo apt-get install -y redis-server',
    '  macOS:            brew install redis',
  ].join('\n');
