import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireSpace, spaceProblem } from './disk-space.js';

describe('disk space', () => {
  it('is enough down to the last byte needed', () => {
    expect(spaceProblem('/data', 100, 100, 'move')).toBeUndefined();
  });

  it('that is missing is named with the folder, the figures and the way out', () => {
    expect(spaceProblem('/data', 10 * 1024 * 1024, 500 * 1024 * 1024, 'set DATA_DIR')).toBe(
      'Not enough disk space at /data: 10 MiB are free, 500 MiB are needed. Free some space, or set DATA_DIR.',
    );
  });

  it('is measured where a folder will be made', async () => {
    const folder = path.join(tmpdir(), 'lathe-none', 'a', 'b');
    await expect(requireSpace(folder, 1, 'move')).resolves.toBeUndefined();
    await expect(requireSpace(folder, Number.MAX_SAFE_INTEGER, 'move')).rejects.toThrow('Not enough disk space');
  });
});
