import '#testing';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { StorageConfig } from '../storage.config.js';
import { type Place, SpoolService } from './spool.service.js';

const machine = hostname().replaceAll(/[^a-z0-9]/gi, '');
let root: string;
const services: SpoolService[] = [];

async function start(): Promise<SpoolService> {
  const service = new SpoolService(Object.assign(new StorageConfig(), { UPLOAD_DIR: path.join(root, 'uploads') }));
  services.push(service);
  await service.onModuleInit();
  return service;
}
async function end(service: SpoolService): Promise<void> {
  await service.onModuleDestroy();
  await service.onApplicationShutdown();
}
const folders = () => readdirSync(path.join(root, 'uploads'));
/** What a process with this number, on this machine or another, has left behind. */
function leftBehind(pid: number, { on = machine, hoursAgo = 0 } = {}): string {
  const folder = path.join(root, 'uploads', `lathe-uploads-${on}-${pid}-abc123`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'half-an-upload'), 'x');
  const time = Date.now() / 1000 - 3600 * hoursAgo;
  utimesSync(folder, time, time);
  return folder;
}
/** The number of a process that has ended. */
const gone = () => spawnSync(process.execPath, ['--version']).pid;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lathe-spool-'));
});
afterEach(async () => {
  await Promise.all(services.splice(0).map(end));
  rmSync(root, { recursive: true });
});

describe('the place of an upload', () => {
  it('can be read by nobody else, and is gone after its use', async () => {
    const spool = await start();
    const place = await spool.with(async (given: Place) => {
      await given.write(Buffer.from('one '));
      await given.write(Buffer.from('two'));
      expect(readFileSync(given.received, 'utf8')).toBe('one two');
      expect([statSync(given.received).mode & 0o777, statSync(path.dirname(given.received)).mode & 0o777]).toEqual([
        0o600, 0o700,
      ]);
      writeFileSync(given.made, 'three');
      return given;
    });
    expect([existsSync(place.received), existsSync(place.made)]).toEqual([false, false]);
  });

  it('is gone when its use fails, too', async () => {
    const spool = await start();
    await expect(spool.with(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readdirSync(path.join(root, 'uploads', folders()[0]!))).toEqual([]);
  });

  it('is there again when the temporary files were cleared away', async () => {
    const spool = await start();
    rmSync(path.join(root, 'uploads'), { recursive: true });
    await expect(spool.with(async ({ write }) => write(Buffer.from('x')))).resolves.toBeUndefined();
  });

  it('that is full is our fault', async () => {
    const spool = await start();
    await spool.with(async ({ received, write }) => {
      const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      const { open } = await import('node:fs/promises');
      const handle = await open(received, 'r');
      const prototype = Object.getPrototypeOf(handle) as { writeFile: () => Promise<void> };
      await handle.close();
      jest.spyOn(prototype, 'writeFile').mockRejectedValueOnce(full);
      await expect(write(Buffer.from('x'))).rejects.toMatchObject({
        code: 'service_unavailable',
        details: { retryAfter: 30 },
      });
    });
  });
});

describe('what a killed process has left', () => {
  it('is removed by the next one on the machine, which may have the same number', async () => {
    const [dead, ours, alive] = [leftBehind(gone()), leftBehind(process.pid), leftBehind(process.ppid)];
    await start();
    expect([dead, ours, alive].map((folder) => existsSync(folder))).toEqual([false, false, true]);
  });

  it('on another machine is removed after an hour', async () => {
    const [fresh, old] = [leftBehind(1, { on: 'other' }), leftBehind(1, { on: 'another', hoursAgo: 2 })];
    await start();
    expect([fresh, old].map((folder) => existsSync(folder))).toEqual([true, false]);
  });

  it('is not what another replica or program uses', async () => {
    const one = await start();
    mkdirSync(path.join(root, 'uploads', 'something-else'));
    await one.with(async ({ received }) => {
      await start();
      expect(existsSync(received)).toBe(true);
    });
    expect(folders()).toHaveLength(3);
  });
});

it('a service that ends leaves nothing', async () => {
  const spool = await start();
  expect(folders()).toHaveLength(1);
  await end(spool);
  expect(folders()).toEqual([]);
});

it('a service without a folder to write to does not start', async () => {
  writeFileSync(path.join(root, 'uploads'), 'a file');
  await expect(start()).rejects.toMatchObject({ code: 'EEXIST' });
});
