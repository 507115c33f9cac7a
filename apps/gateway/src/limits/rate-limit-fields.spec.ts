import { tell, tooManyRequests } from './rate-limit-fields.js';

class Fields {
  readonly set = new Map<string, string>();
  getHeader(name: string): string | undefined {
    return this.set.get(name);
  }
  header(name: string, value: string): void {
    this.set.set(name, value);
  }
}

const address = { name: 'address', limit: 2400, windowSeconds: 60 };
const account = { name: 'account', limit: 1200, windowSeconds: 60 };

describe('the RateLimit fields', () => {
  it('are lists of all the policies that a request came under', () => {
    const fields = new Fields();
    tell(fields, { policy: address, admitted: true, remaining: 2399, secondsLeft: 60 });
    tell(fields, { policy: account, admitted: true, remaining: 50, secondsLeft: 30 });
    expect(Object.fromEntries(fields.set)).toEqual({
      'ratelimit-policy': '"address";q=2400;w=60, "account";q=1200;w=60',
      ratelimit: '"address";r=2399;t=60, "account";r=50;t=30',
    });
  });

  it('stand on a refusal, which says when to come back', () => {
    const fields = new Fields();
    const verdict = { policy: account, admitted: false, remaining: 3, secondsLeft: 17 };
    tell(fields, verdict);
    expect(tooManyRequests(verdict)).toMatchObject({ code: 'too_many_requests', details: { retryAfter: 17 } });
    expect(fields.set.get('ratelimit')).toBe('"account";r=3;t=17');
  });
});
