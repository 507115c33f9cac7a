import { isIPv6 } from 'node:net';
import { SetupProblem } from './setup-problem.js';
import type { Place } from './service-environment.js';
import { choosePort, isFree } from './state/ports.js';

const everywhere = ['0.0.0.0', '::', ''];

/** Where the API is to listen: HOST and PORT, or 3000 on loopback; PORT=0 takes any free one. Throws a SetupProblem when it is taken. */
export async function gatewayPlace(env: NodeJS.ProcessEnv): Promise<Place> {
  const host = env.HOST || '127.0.0.1';
  const wanted = wholeNumber('PORT', env.PORT || '3000', 65_535);
  if (wanted === 0) return { host, port: await choosePort(undefined, new Set()) };
  if (await isFree(wanted, host)) return { host, port: wanted };
  throw new SetupProblem(
    `Port ${wanted} on ${host} cannot be used: another program listens there, or you may not. Choose another one:\n` +
      `  PORT=${wanted < 65_535 ? wanted + 1 : 3000} npm start`,
  );
}

/** The address at which a process on this machine reaches that place. */
export function addressOf({ host, port }: Place): string {
  if (everywhere.includes(host)) return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** How many CPU engines to start: ENGINE_PROCESSES, 1 unless told, 0 for none. */
export const engineCount = (env: NodeJS.ProcessEnv): number =>
  wholeNumber('ENGINE_PROCESSES', env.ENGINE_PROCESSES || '1', 64);

function wholeNumber(name: string, value: string, most: number): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= most) return Number(value);
  throw new SetupProblem(`${name} must be a whole number from 0 to ${most}; it is "${value}".`);
}
