import { deliveryOf } from './delivery-options.js';

describe('how a job wants its model delivered', () => {
  it('is what its parameters say', () => {
    const params = {
      target_polycount: 300,
      texture_resolution: 128,
      size_mm: 50.5,
      up_axis: 'z',
      compression: 'draco',
      seed: 7,
    };
    expect(deliveryOf({ params })).toEqual({
      targetPolycount: 300,
      textureResolution: 128,
      sizeMm: 50.5,
      upAxis: 'z',
      compression: 'draco',
    });
  });

  it('is as the model is where they say nothing, or nothing that is known', () => {
    for (const params of [{}, { size_mm: '5', up_axis: 'x', compression: 'zip', target_polycount: null }]) {
      expect(deliveryOf({ params })).toEqual({ compression: 'none' });
    }
  });
});
