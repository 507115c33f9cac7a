import { openSession } from '#contracts';
import type { RpcClient } from '#messaging';

/** What became of guesses: `tried` were looked at, `refused` came too early, `else` should not be. */
export interface Tally {
  tried: number;
  refused: number;
  else: string[];
  seconds: number;
}

/** Somebody with many wrong passwords and little time: so many at once, each as an e-mail address and where it is sent from. */
export async function guess(rpc: RpcClient, attempts: [email: string, address: string][], atOnce = 40): Promise<Tally> {
  const tally: Tally = { tried: 0, refused: 0, else: [], seconds: 0 };
  const begun = performance.now();
  const queue = attempts.values();
  const one = async ([email, address]: [string, string]): Promise<void> => {
    const client = { address, user_agent: null };
    const code = await rpc.call(openSession, { email, password: 'a wrong guess', client }).then(
      () => 'let in',
      (error: { code: string }) => error.code,
    );
    if (code === 'invalid_credentials') tally.tried++;
    else if (code === 'too_many_attempts') tally.refused++;
    else tally.else.push(code);
  };
  const worker = async (): Promise<void> => {
    for (const attempt of queue) await one(attempt);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { ...tally, seconds: (performance.now() - begun) / 1000 };
}

/** So many addresses in networks of their own. */
export const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `198.${18 + (index >> 8)}.${index & 0xff}.9`);
