import { Logger } from '@nestjs/common';
import { type Allowance, Problem, takeAllowance, type TakeAllowance } from '#contracts';
import type { RpcClient } from '#messaging';
import { GatewayConfig } from '../gateway.config.js';
import { SharedAllowancesService } from './shared-allowances.service.js';

const question: TakeAllowance = { bucket: 'account:ada', points: 1, limit: 50, window_seconds: 60 };
const answer: Allowance = { granted: 1, remaining: 49, resets_in_ms: 60_000 };
const unavailable = new Problem('service_unavailable', 'The auth service did not answer in time');

describe('the shared allowances', () => {
  const call = jest.fn<Promise<Allowance>, unknown[]>();
  const said: string[] = [];
  let shared: SharedAllowancesService;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    call.mockReset();
    said.length = 0;
    const remember = (line: unknown): void => void said.push(String(line));
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(remember);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(remember);
    shared = new SharedAllowancesService({ call } as unknown as RpcClient, new GatewayConfig());
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const takeTwenty = () => Promise.all(Array.from({ length: 20 }, () => shared.take(question)));

  it('are what the auth service says', async () => {
    call.mockResolvedValue(answer);
    expect(await shared.take(question)).toEqual(answer);
    expect(call).toHaveBeenCalledWith(takeAllowance, question, 2000);
    expect(said).toEqual([]);
  });

  it('are none while it does not answer: it is asked by one request in five seconds, and the log says so once', async () => {
    call.mockRejectedValue(unavailable);
    expect(await shared.take(question)).toBeNull();
    for (let second = 0; second < 12; second++) {
      jest.advanceTimersByTime(1000);
      expect(new Set(await takeTwenty())).toEqual(new Set([null]));
    }
    expect(call).toHaveBeenCalledTimes(3);
    expect(said).toEqual(['rate limits are counted by this gateway alone: The auth service did not answer in time']);
  });

  it('are back as soon as it answers', async () => {
    call.mockRejectedValueOnce(unavailable).mockResolvedValue(answer);
    await shared.take(question);
    jest.advanceTimersByTime(5000);
    expect(await shared.take(question)).toEqual(answer);
    expect(await shared.take(question)).toEqual(answer);
    expect(said.at(-1)).toBe('the shared rate limits are back');
  });
});
