import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IsInt, IsString } from 'class-validator';
import { loadConfig } from './config.js';

class SampleConfig {
  @IsString() SAMPLE_SECRET: string;
  @IsInt() SAMPLE_LIMIT = 5;
}

describe('settings', () => {
  it('come from the environment, with their defaults', () => {
    const given = { SAMPLE_SECRET: 'x', SAMPLE_LIMIT: '' };
    expect(loadConfig(SampleConfig, given)).toEqual({ SAMPLE_SECRET: 'x', SAMPLE_LIMIT: 5 });
    expect(loadConfig(SampleConfig, { ...given, SAMPLE_LIMIT: '7' }).SAMPLE_LIMIT).toBe(7);
  });

  it('may be in a file that a variable names; variables of other programs are left alone', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lathe-config-'));
    writeFileSync(path.join(folder, 'secret'), 'mounted\n');
    const environment = { SAMPLE_SECRET_FILE: path.join(folder, 'secret'), SSL_CERT_FILE: '/no/such/file' };
    expect(loadConfig(SampleConfig, environment).SAMPLE_SECRET).toBe('mounted');
    rmSync(folder, { recursive: true });
  });

  it('that are wrong are all named, without their values', () => {
    expect(() => loadConfig(SampleConfig, { SAMPLE_LIMIT: 'many' })).toThrow(/SAMPLE_SECRET[\s\S]*SAMPLE_LIMIT/);
    expect(() => loadConfig(SampleConfig, { SAMPLE_LIMIT: 'many' })).not.toThrow(/many/);
  });

  it('that are in a file which cannot be read are named', () => {
    expect(() => loadConfig(SampleConfig, { SAMPLE_SECRET_FILE: '/no/such/file' })).toThrow(
      /^wrong settings:\s+SAMPLE_SECRET_FILE names a file that cannot be read \(ENOENT\)$/,
    );
  });

  it('that are secrets everybody knows are refused in production, also from a file', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lathe-config-'));
    writeFileSync(path.join(folder, 'secret'), 'changeme\n');
    const SAMPLE_SECRET_FILE = path.join(folder, 'secret');
    for (const given of [
      { SAMPLE_SECRET: 'changeme' },
      { SAMPLE_SECRET_FILE },
      { SAMPLE_SECRET: '', SAMPLE_SECRET_FILE },
    ]) {
      expect(loadConfig(SampleConfig, given).SAMPLE_SECRET).toBe('changeme');
      const inProduction = () => loadConfig(SampleConfig, { ...given, NODE_ENV: 'production' });
      expect(inProduction).toThrow(/^wrong settings:\s+SAMPLE_SECRET is a well-known default/);
      expect(inProduction).not.toThrow('changeme');
    }
    rmSync(folder, { recursive: true });
  });
});
