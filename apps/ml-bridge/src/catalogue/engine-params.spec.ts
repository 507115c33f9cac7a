import type { TaskParams } from '#contracts';
import { engineParams, finishingParams } from './engine-params.js';

const someone = { finish: true, engineNames: { geometry_resolution: 'octree_resolution' } };
const params: TaskParams = {
  seed: 7,
  geometry_resolution: 256,
  target_polycount: 5000,
  up_axis: 'z',
  model_params: { num_chunks: 8000 },
};

describe('the parameters of an engine', () => {
  it('have its names, and what only it knows is among them', () => {
    expect(engineParams(someone, params)).toEqual({ seed: 7, octree_resolution: 256, num_chunks: 8000 });
  });

  it('say how to deliver only where it has a name for that', () => {
    expect(engineParams({ ...someone, engineNames: { target_polycount: 'face_count' } }, params)).toMatchObject({
      face_count: 5000,
    });
  });

  it('leave to our own engine how to deliver, also what the other one was told of it', () => {
    const delivery = { target_polycount: 5000, up_axis: 'z' };
    expect(finishingParams(someone, params)).toEqual(delivery);
    expect(finishingParams({ ...someone, engineNames: { target_polycount: 'face_count' } }, params)).toEqual(delivery);
  });

  it('are as they are where the engine delivers everything itself', () => {
    const ours = { finish: false, engineNames: {} };
    expect(engineParams(ours, params)).toEqual(params);
    expect(finishingParams(ours, params)).toEqual({});
  });

  it('are nothing where nothing was asked for', () => {
    expect(engineParams(someone, {})).toEqual({});
    expect(engineParams(someone, { seed: undefined, size_mm: undefined })).toEqual({});
    expect(finishingParams(someone, { seed: 7, size_mm: undefined })).toEqual({});
  });
});
