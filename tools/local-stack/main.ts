/**
 * The servers alone: `node dist/tools/local-stack/main.js [--throwaway]`. Runs until it is asked to end. A parent with a message
 * channel is sent the coordinates; without one they are printed.
 */
import { onEndRequest } from './end-request.js';
import { startLocalStack, type StackCoordinates } from './local-stack.js';
import { shown } from './setup-problem.js';
import { dataFolder } from './state/folders.js';

async function main(): Promise<void> {
  const throwaway = process.argv.includes('--throwaway');
  const ending = new AbortController();
  onEndRequest(() => ending.abort());
  const stack = await startLocalStack({
    ...(throwaway ? { throwaway } : { dataDir: dataFolder() }),
    log: (line) => console.error(line),
    signal: ending.signal,
  });
  const { dataDir, database, broker, objectStore, authSecret, webhooksSecret } = stack;
  const coordinates: StackCoordinates = { dataDir, database, broker, objectStore, authSecret, webhooksSecret };
  if (process.send) process.send(coordinates);
  else console.log(JSON.stringify(coordinates, null, 2));
  const staysAlive = setInterval(() => undefined, 2 ** 30);
  ending.signal.addEventListener('abort', () => {
    clearInterval(staysAlive);
    void stack.stop().then(() => process.exit(0));
  });
}

main().catch((error: unknown) => {
  const ended = error instanceof Error && error.name === 'AbortError';
  if (!ended) console.error(shown(error));
  process.exit(ended ? 0 : 1);
});
