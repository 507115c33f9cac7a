import { modelFormats, type PromisedOutput } from '#contracts';
import { exactJob } from '#worker-contract';
import { aCatalogueModel, aDispatch, now } from '../../test/a-generation.js';
import { jobOutputs } from './job-parts.js';
import { finishingOf, inputsOf, jobOf, operationOf, outputsOf, promisedOutputs } from './job.js';

const opened = (promised: PromisedOutput[]): ReturnType<typeof jobOutputs> => {
  const outputs = promised.map(({ name, format }) => ({ name, format, url: 'http://store/out', max_bytes: 10 }));
  return jobOutputs({ outputs }, promised);
};
const files = {
  inputs: [{ file_id: 'f', url: 'http://store/in', content_type: 'image/png', bytes: 3, sha256: 'a'.repeat(64) }],
  outputs: opened(promisedOutputs(aDispatch({ output_formats: ['fbx'] }))),
};
const mesh = { file_id: 'm' };
const ours = aCatalogueModel();

describe('a job for a worker', () => {
  it('fits the published contract', () => {
    const task = aDispatch({ images: [{ file_id: 'f', view: 'left' }], negative_prompt: 'blurry' });
    const job = jobOf(task, ours, files, 5000, now);
    expect(exactJob(JSON.stringify(job))).toEqual(job);
    expect(job).toMatchObject({
      operation: 'image_to_3d',
      budget_ms: 60_000,
      params: { seed: 1, prompt: 'a low-poly fox', negative_prompt: 'blurry' },
      inputs: [{ name: 'left.png' }],
    });
  });

  it('hands a model over to be converted', () => {
    const content_type = 'model/gltf-binary';
    const task = aDispatch({ model: 'convert', prompt: null, mesh, params: { size_mm: 50 }, output_formats: ['fbx'] });
    const job = jobOf(task, ours, { ...files, inputs: [{ ...files.inputs[0]!, content_type }] }, 5000, now);
    expect(exactJob(JSON.stringify(job))).toEqual(job);
    expect(job).toMatchObject({ operation: 'convert', inputs: [{ name: 'model.glb', content_type }] });
    expect(job.params).toEqual({ size_mm: 50 });
  });

  it('names the inputs in the order in which their files are opened', () => {
    const images = [{ file_id: 'f', view: 'back' as const }];
    expect(inputsOf(aDispatch({ images, mesh }))).toEqual([{ file_id: 'f' }, { file_id: 'm' }]);
    expect(inputsOf(aDispatch())).toEqual([]);
  });

  const previews = ['preview', 'preview-right', 'preview-back', 'preview-left'].flatMap((view) => [
    `${view}.png`,
    `${view}-256.png`,
  ]);
  const namesOf = (about: Parameters<typeof aDispatch>[0]): string[] =>
    promisedOutputs(aDispatch(about)).map(({ name }) => name);

  it('asks for the GLB of a generation always, for each format once, and for previews', () => {
    expect(namesOf({ output_formats: ['obj', 'glb'] })).toEqual(['model.glb', 'model.obj.zip', ...previews]);
  });

  it('asks a conversion for no more models than were asked for', () => {
    expect(namesOf({ mesh, output_formats: ['3mf', 'stl'] })).toEqual(['model.3mf', 'model.stl', ...previews]);
  });

  it('fits the published contract with every format at once', () => {
    const all = opened(promisedOutputs(aDispatch({ output_formats: [...modelFormats] })));
    const job = jobOf(aDispatch({ output_formats: [...modelFormats] }), ours, { inputs: [], outputs: all }, 5000, now);
    expect(exactJob(JSON.stringify(job)).outputs).toHaveLength(15);
  });

  it('cannot do without its models and the first preview', () => {
    const { outputs } = jobOf(aDispatch({ output_formats: ['fbx'] }), ours, { ...files, inputs: [] }, 5000, now);
    const required = outputs.filter((output) => output.required).map(({ name }) => name);
    expect(required).toEqual(['model.glb', 'model.fbx', 'preview.png']);
  });

  it('cannot do without what was promised without a word on it', () => {
    const outputs = [{ name: 'model.glb', format: 'glb' as const, url: 'http://store/out', max_bytes: 10 }];
    expect(jobOutputs({ outputs }, [{ name: 'model.glb', format: 'glb' }])).toMatchObject([{ required: true }]);
  });

  it('asks an engine that is not ours for one GLB, and keeps what is to be made of it', () => {
    const theirs = aCatalogueModel({ finish: true, engineNames: { geometry_resolution: 'octree_resolution' } });
    const task = aDispatch({
      output_formats: ['fbx'],
      params: { geometry_resolution: 256, size_mm: 50, model_params: { num_chunks: 8000 } },
    });
    const raw = { name: 'raw.glb', format: 'glb', required: true };
    expect(outputsOf(task, theirs)).toEqual([raw]);
    const outputs = opened(outputsOf(task, theirs));
    const job = jobOf(task, theirs, { inputs: [], outputs }, 5000, now);
    expect(exactJob(JSON.stringify(job))).toEqual(job);
    expect(job.outputs).toMatchObject([raw]);
    expect(job.params).toEqual({ octree_resolution: 256, num_chunks: 8000, prompt: 'a low-poly fox' });
    expect(finishingOf(task, theirs)).toMatchObject({ params: { size_mm: 50 }, outputs: promisedOutputs(task) });
  });

  it('names the operation by what there is to work from', () => {
    const picture = { file_id: 'f' };
    expect([[], [picture], [picture, picture]].map((images) => operationOf(aDispatch({ images })))).toEqual([
      'text_to_3d',
      'image_to_3d',
      'multiview_to_3d',
    ]);
    expect(operationOf(aDispatch({ mesh }))).toBe('convert');
  });

  it('is not made after the deadline', () => {
    const late = new Date(now.getTime() + 61_000);
    expect(() => jobOf(aDispatch(), ours, { ...files, inputs: [] }, 5000, late)).toThrow(
      expect.objectContaining({ code: 'task_expired' }),
    );
  });
});
