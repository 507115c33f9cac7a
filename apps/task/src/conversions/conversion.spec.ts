import { randomUUID } from 'node:crypto';
import { anArtifact, aTask } from '../../test/a-task.js';
import { glbOf, requestOf } from './conversion.js';

describe('a conversion', () => {
  it('is of the GLB of a finished task, among whatever else it has', () => {
    const glb = anArtifact();
    const artifacts = [anArtifact({ format: 'fbx' }), glb, anArtifact({ kind: 'preview', format: 'png' })];
    expect(glbOf(aTask({ status: 'succeeded', artifacts }))).toBe(glb);
  });

  it.each([
    ['queued', 'task_not_finished'],
    ['running', 'task_not_finished'],
    ['canceling', 'task_not_finished'],
    ['failed', 'task_failed'],
    ['canceled', 'task_canceled'],
    ['expired', 'task_expired'],
  ] as const)('is refused of a %s task as %s', (status, code) => {
    const error = status === 'failed' ? { code: 'bad_input', message: 'empty', retryable: false, stage: null } : null;
    const details = { members: { task_status: status, ...(error ? { task_error: error } : {}) } };
    expect(() => glbOf(aTask({ status, error }))).toThrow(expect.objectContaining({ code, details }));
  });

  it('is refused of a task that has no GLB', () => {
    const artifacts = [anArtifact({ format: 'stl' }), anArtifact({ kind: 'preview', format: 'png' })];
    expect(() => glbOf(aTask({ status: 'succeeded', artifacts }))).toThrow(
      expect.objectContaining({ code: 'format_not_available', details: { members: { formats: ['stl'] } } }),
    );
  });

  it('asks for what any task may ask for, with the model as its input', () => {
    const ids = { owner_id: randomUUID(), task_id: randomUUID() };
    const conversion = { ...ids, source_task_id: randomUUID(), output_formats: ['stl' as const], size_mm: 50 };
    const terms = { priority: 'low' as const, deadline_seconds: 60, metadata: { order: '12' } };
    const glb = anArtifact();
    expect(requestOf({ ...conversion, ...terms }, glb)).toEqual({
      ...ids,
      ...terms,
      model: 'convert',
      mesh: { file_id: glb.file_id },
      params: { size_mm: 50 },
      output_formats: ['stl'],
    });
  });
});
