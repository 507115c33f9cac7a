import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decide, lockStack } from './stack-lock.js';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(path.join(tmpdir(), 'lathe-lock-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const lockFile = (): string => path.join(dataDir, 'stack.lock');

describe('the lock of a data folder', () => {
  it('refuses a second launcher and says how to run two side by side', () => {
    const lock = lockStack(dataDir);
    expect(() => lockStack(dataDir)).toThrow(
      new RegExp(String.raw`already running on .* \(process ${process.pid}\)[\s\S]*DATA_DIR=`),
    );
    lock.release();
    lockStack(dataDir).release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 4_194_305, identity: 'x' })],
    ['whose number another process has now', JSON.stringify({ pid: process.pid, identity: 'an earlier boot/1' })],
    ['that is empty', ''],
    ['that is not ours', '12345\n'],
  ])('is taken over when it is one %s', (_case, content) => {
    writeFileSync(lockFile(), content);
    const lock = lockStack(dataDir);
    expect(existsSync(lockFile())).toBe(true);
    lock.release();
    expect(existsSync(lockFile())).toBe(false);
  });

  it.each([
    [undefined, false, 'take'],
    [{ pid: 1, identity: 'a' }, false, 'take'],
    [{ pid: 1, identity: 'a' }, true, 'refuse'],
  ] as const)('held by %p, running: %p, means %s', (holder, running, expected) => {
    expect(decide(holder, () => running)).toBe(expected);
  });
});
