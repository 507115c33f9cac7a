import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StackState } from './stack-state.js';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(path.join(tmpdir(), 'lathe-state-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the state of a stack', () => {
  it('keeps secrets and ports between runs, for its owner only', async () => {
    const first = StackState.open(dataDir);
    const secrets = first.secrets('database', ['auth', 'task']);
    const port = await first.port('postgres');
    const second = StackState.open(dataDir);
    expect(second.secrets('database', ['auth', 'task'])).toEqual(secrets);
    expect(await second.port('postgres')).toBe(port);
    expect(statSync(path.join(dataDir, 'stack.json')).mode & 0o777).toBe(0o600);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
  });

  it('gives every name a secret of its own that needs no escaping in a URL', () => {
    const { auth, task } = StackState.open(dataDir).secrets('broker', ['auth', 'task']);
    expect(auth).not.toBe(task);
    expect(auth).toMatch(/^[\w-]{32}$/);
  });

  it('never promises one port twice', async () => {
    const state = StackState.open(dataDir);
    const ports = [];
    for (let index = 0; index < 20; index++) ports.push(await state.port(`server-${index}`));
    expect(new Set(ports).size).toBe(20);
  });

  it('that is broken says what depends on it and what to do', () => {
    writeFileSync(path.join(dataDir, 'stack.json'), '{"secrets": {');
    expect(() => StackState.open(dataDir)).toThrow(/stack\.json cannot be read[\s\S]*restore it, or remove/);
  });
});
