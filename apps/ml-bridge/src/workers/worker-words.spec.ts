import type { ArtifactReport } from '#worker-contract';
import { reportOf } from './worker-words.js';

const aReport = (format: string, meta?: Record<string, unknown>): ArtifactReport => ({
  name: `a.${format}`,
  format,
  bytes: 1,
  sha256: 'a'.repeat(64),
  ...(meta ? { meta } : {}),
});

describe('the quality report of a task', () => {
  it('is what the worker says with the GLB', () => {
    expect(reportOf([aReport('stl', { triangles: 1 }), aReport('glb', { triangles: 2 })])).toEqual({ triangles: 2 });
  });

  it('is what it says with another model when the GLB has none, or was not asked for', () => {
    expect(reportOf([aReport('glb'), aReport('fbx', { triangles: 3 })])).toEqual({ triangles: 3 });
    expect(reportOf([aReport('stl'), aReport('3mf', { triangles: 4 })])).toEqual({ triangles: 4 });
  });

  it('is not what it says of a picture', () => {
    expect(reportOf([aReport('png', { width: 512 }), aReport('stl')])).toBeNull();
  });
});
