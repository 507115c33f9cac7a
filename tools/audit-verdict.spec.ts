import { spawnSync } from 'node:child_process';

const verdictOn = (report: string) => {
  const { status, stdout } = spawnSync(process.execPath, ['tools/audit-verdict.mjs'], {
    input: report,
    encoding: 'utf8',
  });
  return { status, said: stdout.trim() };
};
const reportOf = (counts: object): string =>
  JSON.stringify({ metadata: { vulnerabilities: { critical: 0, high: 0, moderate: 0, low: 0, ...counts } } });

describe('the verdict on known vulnerabilities', () => {
  it.each([
    ['nothing', {}, 0],
    ['what is moderate', { moderate: 3 }, 0],
    ['what is high', { high: 1 }, 1],
    ['what is critical', { critical: 1 }, 1],
  ])('on %s', (_, counts, status) => {
    expect(verdictOn(reportOf(counts)).status).toBe(status);
  });

  it.each(['', '{"message":"405 Method Not Allowed","statusCode":405}'])('says that %j is no answer', (report) => {
    expect(verdictOn(report)).toEqual({ status: 0, said: 'The registry answers no audits here: not checked.' });
  });
});
