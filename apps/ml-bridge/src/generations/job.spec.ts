import { exactJob } from '#worker-contract';
import { aDispatch, now } from '../../test/a-generation.js';
import { jobOf, operationOf, promisedOutputs } from './job.js';

const files = {
  inputs: [{ file_id: 'f', url: 'http://store/in', content_type: 'image/png', bytes: 3, sha256: 'a'.repeat(64) }],
  outputs: promisedOutputs(['fbx']).map((output) => ({ ...output, url: 'http://store/out', max_bytes: 10 })),
};

describe('a job for a worker', () => {
  it('fits the published contract', () => {
    const task = aDispatch({ images: [{ file_id: 'f', view: 'left' }], negative_prompt: 'blurry' });
    const job = jobOf(task, files, 5000, now);
    expect(exactJob(JSON.stringify(job))).toEqual(job);
    expect(job).toMatchObject({
      operation: 'image_to_3d',
      budget_ms: 60_000,
      params: { seed: 1, prompt: 'a low-poly fox', negative_prompt: 'blurry' },
      inputs: [{ name: 'left.png' }],
    });
  });

  it('always asks for the GLB and a preview, and for each format once', () => {
    expect(promisedOutputs(['obj', 'glb']).map(({ name }) => name)).toEqual([
      'model.glb',
      'model.obj.zip',
      'preview.png',
    ]);
  });

  it('names the operation by what there is to work from', () => {
    const picture = { file_id: 'f' };
    expect([[], [picture], [picture, picture]].map((images) => operationOf(aDispatch({ images })))).toEqual([
      'text_to_3d',
      'image_to_3d',
      'multiview_to_3d',
    ]);
  });

  it('is not made after the deadline', () => {
    const late = new Date(now.getTime() + 61_000);
    expect(() => jobOf(aDispatch(), { ...files, inputs: [] }, 5000, late)).toThrow(
      expect.objectContaining({ code: 'task_expired' }),
    );
  });
});
