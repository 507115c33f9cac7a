import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { haproxyProgram } from '../../debian/haproxy.js';
import { answersOk } from '../object-store.js';
import type { Children } from '../processes/children.js';
import { Supervised } from '../processes/supervised.js';
import { acceptsConnections } from '../rabbitmq/amqp-probe.js';
import { SetupProblem } from '../setup-problem.js';
import { type Frontend, haproxyConf } from './haproxy-configuration.js';

export interface BalancerPlace {
  dataDir: string;
  children: Children;
  log: (line: string) => void;
}

/** A private HAProxy on loopback ports, ready to be started. Throws a SetupProblem where there is none. */
export async function prepareHaproxy(
  { dataDir, children, log }: BalancerPlace,
  name: string,
  frontends: readonly [Frontend, ...Frontend[]],
): Promise<Supervised> {
  const program = await haproxyProgram(log);
  if ('missing' in program) throw new SetupProblem(nowhereToBeFound(program.missing));
  const folder = path.join(dataDir, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'haproxy.cfg'), haproxyConf(frontends));
  const { file, args, env } = program;
  return new Supervised({
    title: `HAProxy ${name}`,
    launch: () =>
      children.start({
        name,
        file,
        args: [...args, '-db', '-f', 'haproxy.cfg'],
        env,
        cwd: folder,
        stopSignal: 'SIGTERM', // at once: SIGUSR1 would wait for every event stream
      }),
    answers: () => answersAt(frontends[0]),
    startTimeoutMs: 15_000,
    stopGraceMs: 5000,
    restarts: true,
    report: log,
  });
}

const answersAt = ({ mode, port }: Frontend): Promise<boolean> =>
  mode === 'http' ? answersOk(`http://127.0.0.1:${port}/health/ready`) : acceptsConnections(port);

const nowhereToBeFound = (reason: string): string =>
  [
    `HAProxy is not installed, and ${reason}.`,
    'Do ONE of these and run the same command again:',
    '  Debian, Ubuntu:   connect this machine to its package archive, or run  sudo apt-get install -y haproxy',
    '  macOS:            brew install haproxy',
  ].join('\n');
