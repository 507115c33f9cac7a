import type { ArtifactView, TaskStatus, TaskView } from '#contracts';
import { resultOf } from './result.js';

const artifact = (kind: 'model' | 'preview', format: string): ArtifactView => ({
  name: `${kind}.${format}`,
  kind,
  format,
  file_id: `file-${format}`,
  url: '',
  size_bytes: 1,
  sha256: '',
});

const aTask = (about: Partial<TaskView>): TaskView =>
  ({
    status: 'succeeded',
    output_formats: ['fbx', 'glb'],
    artifacts: [artifact('preview', 'png'), artifact('model', 'glb'), artifact('model', 'fbx')],
    error: null,
    ...about,
  }) as TaskView;

describe('the result of a task', () => {
  it('is the first format that was asked for', () => {
    expect(resultOf(aTask({}))).toMatchObject({ file_id: 'file-fbx' });
  });

  it('is any format it has', () => {
    expect(resultOf(aTask({}), 'glb')).toMatchObject({ file_id: 'file-glb' });
  });

  it.each(['obj', 'png', '', ['glb', 'fbx']])('is not there as %j, and the refusal names what is', (format) => {
    expect(() => resultOf(aTask({}), format)).toThrow(
      expect.objectContaining({ code: 'format_not_available', details: { members: { formats: ['glb', 'fbx'] } } }),
    );
  });

  it.each([
    ['queued', 'task_not_finished'],
    ['running', 'task_not_finished'],
    ['canceling', 'task_not_finished'],
    ['canceled', 'task_canceled'],
    ['expired', 'task_expired'],
    ['failed', 'task_failed'],
  ] as [TaskStatus, string][])('of a %s task is refused with %s', (status, code) => {
    expect(() => resultOf(aTask({ status }))).toThrow(
      expect.objectContaining({ code, details: { members: { task_status: status } } }),
    );
  });

  it('that failed says why', () => {
    const error = { code: 'out_of_memory', message: 'Not enough memory', retryable: true, stage: 'texture' };
    expect(() => resultOf(aTask({ status: 'failed', error }))).toThrow(
      expect.objectContaining({
        message: 'Not enough memory',
        details: { members: { task_status: 'failed', task_error: error } },
      }),
    );
  });
});
