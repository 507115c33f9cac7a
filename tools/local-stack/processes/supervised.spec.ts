import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from './child.js';
import { restartDelayMs, Supervised } from './supervised.js';

const dataDir = mkdtempSync(path.join(tmpdir(), 'lathe-supervised-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const script = (code: string) => () =>
  new Child(
    {
      name: 'script',
      file: process.execPath,
      args: ['-e', code],
      env: { PATH: process.env.PATH },
      cwd: dataDir,
      stopSignal: 'SIGTERM',
    },
    dataDir,
  );

function supervised(code: string, about: { answers?: () => Promise<boolean>; restarts?: boolean } = {}) {
  const reports: string[] = [];
  const process = new Supervised({
    title: 'The script',
    launch: script(code),
    answers: about.answers ?? (() => Promise.resolve(true)),
    startTimeoutMs: 5000,
    stopGraceMs: 2000,
    restarts: about.restarts ?? true,
    report: (line) => reports.push(line),
  });
  return { process, reports };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

const forever = 'setInterval(() => {}, 1000)';

describe('a supervised process', () => {
  it('is started again after it was killed, and both are reported', async () => {
    const { process, reports } = supervised(forever);
    await process.start();
    const first = process.pid;
    process.kill('SIGKILL');
    await until(() => process.pid !== undefined && process.pid !== first && reports.length === 2);
    expect(reports[0]).toContain('The script died (SIGKILL)');
    expect(reports[1]).toBe('The script runs again');
    await process.stop();
    expect(process.pid).toBeUndefined();
  });

  it('stays ended when it was stopped', async () => {
    const { process, reports } = supervised(forever);
    await process.start();
    await process.stop();
    expect(reports).toEqual([]);
    expect(process.pid).toBeUndefined();
  });

  it('that dies while it starts is a problem that shows its last words', async () => {
    const { process } = supervised('console.error("no such option"); process.exit(3)', {
      answers: () => Promise.resolve(false),
    });
    await expect(process.start()).rejects.toThrow(
      /ended while it was starting \(exit code 3\)[\s\S]*\| no such option/,
    );
  });

  it('can be stopped while it is still starting', async () => {
    const { process } = supervised(forever, { answers: () => Promise.resolve(false) });
    const started = process.start();
    await until(() => process.pid !== undefined);
    await process.stop();
    await expect(started).rejects.toThrow('ended while it was starting');
  });

  it('that cannot be found says so', async () => {
    const process = new Supervised({
      title: 'Nothing',
      launch: () =>
        new Child(
          { name: 'none', file: '/no/such/file', args: [], env: {}, cwd: dataDir, stopSignal: 'SIGTERM' },
          dataDir,
        ),
      answers: () => Promise.resolve(false),
      startTimeoutMs: 5000,
      stopGraceMs: 100,
      restarts: false,
      report: () => undefined,
    });
    await expect(process.start()).rejects.toThrow('Nothing ended while it was starting');
  });
});

describe('the pause before a restart', () => {
  it('doubles from half a second up to half a minute', () => {
    expect([0, 1, 2, 5, 6, 50].map(restartDelayMs)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
  });
});
