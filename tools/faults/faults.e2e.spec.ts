import { describeWith } from '../debian/describe-with.js';
import { runFaultSuite } from './fault-suite.js';

jest.setTimeout(1_800_000);

describe('the fault suite', () => {
  it('finds that the system withstands a few faults of each sort', async () => {
    const { code, output } = await runFaultSuite('--short', '--seed', '4'); // the long form draws another seed every time
    expect(output).toMatch(/^\| all 15 kinds +\| +15 \| +\d+ \| +\d+ \| +0 \| +0 \|/m);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^0 violations$/m) });
  });

  it('finds nothing in the stories that its guards are needed for', async () => {
    const whole = await runFaultSuite('--guard', 'fencing,inbox,ack-after-commit');
    expect(whole).toEqual({ code: 0, output: expect.stringMatching(/^0 violations$/m) });
  });

  it.each([
    ['fencing', /^VIOLATED a healthy task succeeds: .*"a stale worker says so"/m],
    ['inbox', /^VIOLATED nobody is surprised: a lost task was taken back only after/m],
    ['ack-after-commit', /^VIOLATED nothing is left over: /m],
  ])('notices that %s is gone', async (guard, violation) => {
    const broken = await runFaultSuite('--guard', guard, '--broken');
    expect(broken).toEqual({ code: 1, output: expect.stringMatching(violation) });
  });
});

describeWith(['haproxy'], 'the fault suite, with two of each service,', () => {
  it('finds that nobody notices when everything is restarted in turn', async () => {
    const rolled = await runFaultSuite('--rolling', '--short', '--customers', '3', '--seed', '4');
    expect(rolled.output).toMatch(/^\| rolling restart of everything \| +1 \| +\d+ \| +\d+ \| +0 \| +0 \| +0 \|/m);
    expect(rolled).toEqual({ code: 0, output: expect.stringMatching(/^0 violations$/m) });
  });
});
