import { aConverter, anOffer, aRequest, now } from '../../test/a-task.js';
import { checkInputs, newTask } from './task-request.js';

const make = (about: Parameters<typeof aRequest>[0]) => newTask(aRequest(about), anOffer(), now, 2_147_483_648);
const refused = (code: string, pointer?: string) =>
  expect.objectContaining({
    code,
    ...(pointer ? { details: { errors: [expect.objectContaining({ pointer })] } } : {}),
  });

describe('a request for a task', () => {
  it('gets the defaults of its model and a seed', () => {
    expect(make({}).params).toEqual({ seed: 2_147_483_648, target_polycount: 500, model_params: { depth: 0.5 } });
    expect(make({ params: { seed: 7 } }).params.seed).toBe(7);
  });

  it('is refused with a parameter that the model does not know, unless it is lenient', () => {
    expect(() => make({ params: { guidance_scale: 3 } })).toThrow(
      refused('parameter_not_supported', '/params/guidance_scale'),
    );
    expect(make({ params: { guidance_scale: 3, lenient: true } })).toMatchObject({ paramsIgnored: ['guidance_scale'] });
  });

  it.each([
    [{ target_polycount: 5000 }, '/params/target_polycount'],
    [{ model_params: { depth: 9 } }, '/params/model_params/depth'],
    [{ model_params: { warp: 1 } }, '/params/model_params/warp'],
  ])('is refused with the wrong value %j', (params, pointer) => {
    expect(() => make({ params })).toThrow(refused('invalid_parameters', pointer));
  });

  it('is refused with a format that the model has not', () => {
    expect(() => make({ output_formats: ['fbx'] })).toThrow(refused('invalid_parameters', '/output_formats'));
    expect(make({ output_formats: ['obj', 'obj'] }).outputFormats).toEqual(['obj']);
    expect(make({}).outputFormats).toEqual(['glb']);
  });

  it('needs a prompt or a picture, as the model allows', () => {
    expect(() => checkInputs(aRequest({ prompt: undefined }), anOffer())).toThrow(refused('prompt_or_image_required'));
    const images = [{ file_id: 'a' }];
    expect(() => checkInputs(aRequest({ images }), anOffer({ max_images: 0 }))).toThrow(
      refused('invalid_parameters', '/images'),
    );
    expect(() => checkInputs(aRequest(), anOffer({ inputs: ['image'] }))).toThrow(
      refused('invalid_parameters', '/prompt'),
    );
    expect(() => checkInputs(aRequest(), anOffer())).not.toThrow();
  });

  it('takes a mesh where the model does, and needs one where the model takes nothing else', () => {
    const mesh = { file_id: 'm' };
    const converter = anOffer(aConverter);
    expect(() => checkInputs(aRequest({ mesh }), anOffer())).toThrow(refused('invalid_parameters', '/mesh'));
    expect(() => checkInputs(aRequest({ prompt: undefined }), converter)).toThrow(
      refused('invalid_parameters', '/mesh'),
    );
    for (const name of ['prompt', 'negative_prompt'] as const) {
      const request = aRequest({ prompt: undefined, mesh, [name]: 'a fox' });
      expect(() => checkInputs(request, converter)).toThrow(refused('invalid_parameters', `/${name}`));
    }
    expect(() => checkInputs(aRequest({ prompt: undefined, mesh }), converter)).not.toThrow();
    expect(newTask(aRequest({ prompt: undefined, mesh }), converter, now, 0)).toMatchObject({
      mesh,
      params: { compression: 'none' },
    });
    expect(make({}).mesh).toBeNull();
  });

  it('takes pictures for the sides nobody named, the front first', () => {
    const images = [{ file_id: 'a' }, { file_id: 'b', view: 'left' as const }, { file_id: 'c' }];
    expect(make({ images }).images.map(({ view }) => view)).toEqual(['front', 'left', 'back']);
    const twice = [
      { file_id: 'a', view: 'left' as const },
      { file_id: 'b', view: 'left' as const },
    ];
    expect(() => make({ images: twice })).toThrow(refused('invalid_parameters', '/images'));
  });

  it('expires half an hour after it was made, or when it says', () => {
    expect(make({}).deadlineAt.getTime() - now.getTime()).toBe(1_800_000);
    expect(make({ deadline_seconds: 60 }).deadlineAt.getTime() - now.getTime()).toBe(60_000);
  });
});
