import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Children } from '../processes/children.js';
import type { Supervised } from '../processes/supervised.js';
import { lockStack } from '../state/stack-lock.js';
import { StackState } from '../state/stack-state.js';
import { throwawayPrefix } from '../state/throwaway.js';
import { prepareRedis } from './redis.js';

export interface ThrowawayRedis {
  url: string;
  /** To be restarted or killed in tests; a restarted one has forgotten everything. */
  server: Supervised;
  stop(): Promise<void>;
}

/** A Redis for one suite, started here, which ends with this process at the latest. Throws a SetupProblem where there is no Redis. */
export async function throwawayRedis(): Promise<ThrowawayRedis> {
  const dataDir = mkdtempSync(path.join(tmpdir(), throwawayPrefix));
  const lock = lockStack(dataDir);
  const children = new Children(dataDir);
  const stop = async (): Promise<void> => {
    await children.close();
    lock.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const log = (): void => undefined;
    const { server, url } = await prepareRedis({
      dataDir,
      children,
      log,
      state: StackState.open(dataDir),
      throwaway: true,
    });
    await server.start();
    return { url, server, stop: () => server.stop().then(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}
