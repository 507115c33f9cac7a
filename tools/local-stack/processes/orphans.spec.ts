import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endOrphans } from './orphans.js';
import { processIdentity } from './process-identity.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'lathe-orphans-'));
  mkdirSync(path.join(dataDir, 'children'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A process as a killed launcher leaves it: running, and written down. */
function anOrphan(name: string, code: string, about: { identity?: string } = {}): number {
  const pid = spawn(process.execPath, ['-e', code], { stdio: 'ignore', detached: true }).pid ?? 0;
  const record = { pid, identity: about.identity ?? processIdentity(pid), stopSignal: 'SIGTERM' };
  writeFileSync(path.join(dataDir, 'children', `${name}.json`), JSON.stringify(record));
  return pid;
}

const forever = 'setInterval(() => {}, 1000)';

describe('what an earlier launcher left behind', () => {
  it('is asked to end, and killed when it does not', async () => {
    const polite = anOrphan('polite', forever);
    const deaf = anOrphan('deaf', `process.on('SIGTERM', () => {}); ${forever}`);
    expect((await endOrphans(dataDir, 1000)).toSorted()).toEqual(['deaf', 'polite']);
    expect([processIdentity(polite), processIdentity(deaf)]).toEqual([undefined, undefined]);
    expect(readdirSync(path.join(dataDir, 'children'))).toEqual([]);
  });

  it('is not a stranger that was given its number', async () => {
    const stranger = anOrphan('postgres', forever, { identity: 'an earlier boot/1' });
    expect(await endOrphans(dataDir, 100)).toEqual([]);
    expect(processIdentity(stranger)).toBeDefined();
    process.kill(stranger, 'SIGKILL');
  });

  it('is nothing when the record is broken or there is none', async () => {
    writeFileSync(path.join(dataDir, 'children', 'postgres.json'), '{"pid":');
    expect(await endOrphans(dataDir)).toEqual([]);
    expect(await endOrphans(path.join(dataDir, 'none'))).toEqual([]);
  });
});
