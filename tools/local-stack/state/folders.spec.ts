import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder, dataFolder, projectRoot, requireFolder } from './folders.js';

describe('the folders of a stack', () => {
  it('are found from anywhere inside the checkout', () => {
    expect(projectRoot(path.join(projectRoot(), 'tools', 'local-stack'))).toBe(projectRoot());
    expect(() => projectRoot(path.parse(tmpdir()).root)).toThrow('inside a checkout');
  });

  it('keep data in .data unless DATA_DIR says otherwise', () => {
    expect(dataFolder({})).toBe(path.join(projectRoot(), '.data'));
    expect(dataFolder({ DATA_DIR: '/srv/lathe' })).toBe('/srv/lathe');
  });

  it('share what was fetched between checkouts, and do without a home folder', () => {
    const home = mkdtempSync(path.join(tmpdir(), 'lathe-home-'));
    expect(cacheFolder({ LATHE_CACHE_DIR: '/var/cache/lathe', HOME: home })).toBe('/var/cache/lathe');
    expect(cacheFolder({ HOME: home })).toBe(path.join(home, '.cache', 'lathe'));
    expect(cacheFolder({ HOME: '/dev/null' })).toBe(path.join(projectRoot(), 'node_modules', '.cache', 'lathe'));
    rmSync(home, { recursive: true });
  });

  it('that cannot be written to are a problem with a way out', () => {
    expect(() => requireFolder('/dev/null/data', 'set DATA_DIR')).toThrow(
      /^\/dev\/null\/data cannot be written to \(ENOTDIR\)\. Run this as a user who may, or set DATA_DIR\.$/,
    );
  });
});
