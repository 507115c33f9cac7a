import path from 'node:path';
import { eventually } from '#testing';
import { addressOf } from '../local-stack/gateway-place.js';
import { answersOk } from '../local-stack/object-store.js';
import { Child } from '../local-stack/processes/child.js';
import { serviceEnvironment } from '../local-stack/service-environment.js';
import { projectRoot } from '../local-stack/state/folders.js';
import { choosePort } from '../local-stack/state/ports.js';
import type { ComposedSystem } from './composed-system.js';

/** One more engine beside those of a composed system. Nobody starts it again when it dies, and whoever started it has to end it. */
export async function anEngine({ stack }: ComposedSystem, name: string, settings: NodeJS.ProcessEnv): Promise<Child> {
  const place = { host: '127.0.0.1', port: await choosePort(undefined, new Set()) };
  const spec = {
    name,
    file: process.execPath,
    args: ['--enable-source-maps', path.join(projectRoot(), 'dist', 'apps', 'engine', 'src', 'main.js')],
    env: serviceEnvironment('engine', stack, place, settings),
    cwd: projectRoot(),
    stopSignal: 'SIGTERM' as const,
  };
  const engine = new Child(spec, stack.dataDir);
  await eventually(async () => {
    if (engine.ending !== undefined || !(await answersOk(`${addressOf(place)}/health/ready`))) {
      throw new Error(`the engine ${name} is not ready: ${engine.tail()}`);
    }
  }, 60_000);
  return engine;
}
