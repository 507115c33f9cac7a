import { choosePort } from '../local-stack/state/ports.js';
import { conformance } from './conformance.js';

const pool = 'conforming';
const token = 'a-token-of-the-conformance-tests-only';
let port: number;
const url = (): string => `http://127.0.0.1:${port}`;

conformance({
  name: 'HTTP',
  needs: ['python'],
  start: async () => void (port = await choosePort(undefined, new Set())),
  settings: () => ({ WORKER_HOST: '127.0.0.1', WORKER_PORT: port, WORKER_TOKENS: `${pool}:${token}` }),
  transport: () => ({ type: 'http', pool }),
  worker: () => ({
    args: ['-m', 'lathe_worker', 'conforming:generate', '--transport', 'http'],
    env: { LATHE_URL: url(), LATHE_TOKEN: token },
  }),
  also: (suite) => {
    it('is refused with a token that nobody gave it, and says so', async () => {
      const stranger = await suite.workers.start({ env: { LATHE_URL: url(), LATHE_TOKEN: token.replace('a', 'b') } });
      expect(await stranger.ended).toBe('exit code 2');
      expect(stranger.tail()).toContain("refuses this worker's token");
      await suite.attempts.madeOne();
    });
  },
});
