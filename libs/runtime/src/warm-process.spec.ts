import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { WarmProcess } from './warm-process.js';

const sleeper = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);

describe('a warm process', () => {
  it('is started when it is needed, and stays', () => {
    const start = jest.fn(sleeper);
    const process = new WarmProcess(start);
    expect([process.pid, start.mock.calls.length]).toEqual([undefined, 0]);
    const child = process.ready();
    expect([process.ready(), process.pid, start.mock.calls.length]).toEqual([child, child!.pid, 1]);
    process.kill();
  });

  it('is another one after it was killed, or has ended', async () => {
    const process = new WarmProcess(sleeper);
    const first = process.ready()!;
    process.kill(first);
    const second = process.ready()!;
    expect(second).not.toBe(first);
    second.kill();
    await once(second, 'exit');
    expect(process.pid).toBeUndefined();
    process.kill();
  });

  it('that was replaced can still be killed, and the new one lives', async () => {
    const process = new WarmProcess(sleeper);
    const first = process.ready()!;
    process.kill(first);
    const second = process.ready()!;
    process.kill(first);
    expect(process.pid).toBe(second.pid);
    process.kill();
    await once(second, 'exit');
  });

  it('is none when it cannot be started, at once or a moment later', async () => {
    const process = new WarmProcess(() => {
      throw new Error('spawn ENOMEM');
    });
    expect(process.ready()).toBeNull();
    const missing = new WarmProcess(() => fork('', { execPath: '/nonexistent' }));
    await once(missing.ready()!, 'error');
    expect(missing.pid).toBeUndefined();
  });
});
