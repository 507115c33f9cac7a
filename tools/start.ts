/** `npm start`: the local stack and every service, until Ctrl-C. The data stay. */
import { onEndRequest } from './local-stack/end-request.js';
import { gatewayPlace } from './local-stack/gateway-place.js';
import { startLocalStack } from './local-stack/local-stack.js';
import { startServices } from './local-stack/services.js';
import { shown } from './local-stack/setup-problem.js';
import { dataFolder } from './local-stack/state/folders.js';

const log = (line: string): void => console.log(line);
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

async function main(): Promise<void> {
  const startedAt = Date.now();
  const ending = new AbortController();
  const { signal } = ending;
  let stoppingAt = 0;
  onEndRequest(() => {
    log('\nStopping …');
    stoppingAt = Date.now();
    ending.abort();
  });
  await gatewayPlace(process.env); // a taken port is said at once, not after the servers have started
  const dataDir = dataFolder();
  const stack = await startLocalStack({ dataDir, log, signal });
  const services = await startServices(stack, { log, signal });
  log(
    [
      '',
      `Lathe is running (${seconds(startedAt)}).`,
      `  API       ${services.gatewayUrl}`,
      `  docs      ${services.gatewayUrl}/docs`,
      `  web page  ${services.gatewayUrl}/`,
      `  data      ${dataDir}   (logs in ${dataDir}/log)`,
      'Ctrl-C stops it; the data stay.',
    ].join('\n'),
  );
  const staysAlive = setInterval(() => undefined, 2 ** 30);
  signal.addEventListener('abort', () => {
    clearInterval(staysAlive);
    void services.stop().then(() => {
      log(`Stopped (${seconds(stoppingAt)}).`);
      process.exit(0);
    });
  });
}

main().catch((error: unknown) => {
  const ended = error instanceof Error && error.name === 'AbortError';
  console.error(ended ? 'Stopped before it was ready.' : `\n${shown(error)}`);
  process.exit(ended ? 0 : 1);
});
