import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { SetupProblem } from '../setup-problem.js';

/** Ports for servers of ours: below 32768, where the kernel takes ports for outgoing connections and RabbitMQ was seen to collide. */
export const portRange = { from: 20_000, to: 32_000 } as const;

/** Whether this process could listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** The preferred port if it is free, else another free one that is not in `avoid`. */
export async function choosePort(preferred: number | undefined, avoid: ReadonlySet<number>): Promise<number> {
  if (preferred !== undefined && !avoid.has(preferred) && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(portRange.from, portRange.to);
    if (!avoid.has(port) && (await isFree(port))) return port;
  }
  throw new SetupProblem(`No free port was found between ${portRange.from} and ${portRange.to} on 127.0.0.1.`);
}
