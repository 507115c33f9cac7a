import { existsSync } from 'node:fs';
import path from 'node:path';
import { Supervised } from './processes/supervised.js';
import { SetupProblem } from './setup-problem.js';
import { supervision, type StackContext } from './stack-context.js';
import { projectRoot } from './state/folders.js';

export interface ObjectStore {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
}

/** Our own small S3 server on a loopback port, ready to be started: for development and tests only. */
export async function prepareObjectStore(
  context: StackContext,
  bucket: string,
): Promise<{ server: Supervised; store: ObjectStore; source: string }> {
  const program = path.join(projectRoot(), 'dist', 'tools', 'local-stack', 's3', 'main.js');
  if (!existsSync(program)) throw new SetupProblem(`${program} is missing: run "npm run build" first.`);
  const port = await context.state.port('s3');
  const store = {
    endpoint: `http://127.0.0.1:${port}`,
    accessKey: 'lathe',
    secretKey: context.state.secret('s3'),
    bucket,
  };
  const folder = path.join(context.dataDir, 's3');
  const server = new Supervised({
    ...supervision(context, 30_000),
    title: 'The S3 server',
    launch: () =>
      context.children.start({
        name: 's3',
        file: process.execPath,
        args: ['--enable-source-maps', program, '--dir', folder, '--port', String(port)],
        env: { PATH: process.env.PATH, S3_ACCESS_KEY: store.accessKey, S3_SECRET_KEY: store.secretKey },
        cwd: context.dataDir,
        stopSignal: 'SIGTERM',
      }),
    answers: () => answersOk(`${store.endpoint}/_health`),
  });
  return { server, store, source: 'own S3 server' };
}

/** Whether an HTTP address answers with a 2xx within two seconds. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
