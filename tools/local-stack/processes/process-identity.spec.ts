import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, processIdentity } from './process-identity.js';

describe('the identity of a process', () => {
  it('stays the same while it runs, and is gone afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    const identity = processIdentity(pid) ?? 'none';
    expect(isRunning({ pid, identity })).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning({ pid, identity })).toBe(false);
  });

  it('does not match another process that now has the number', () => {
    expect(isRunning({ pid: process.pid, identity: 'an earlier boot/123' })).toBe(false);
  });

  it.each([0, -1, Number.NaN, 4_194_305])('is undefined for %s', (pid) => {
    expect(processIdentity(pid)).toBeUndefined();
  });
});
