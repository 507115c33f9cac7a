import { anEntry, celery, readEntries, readOne } from '../../../test/an-entry.js';

describe('models.yaml', () => {
  it('gives models with everything that was left out', () => {
    const [model] = readOne({
      parameters: { seed: {}, geometry_resolution: { maximum: 512, default: 256, maps_to: 'octree_resolution' } },
      stages: [
        { name: 'shape', deadline_seconds: 60 },
        { name: 'texture', weight: 4 },
      ],
      price: 3,
    }).models;
    expect(model).toMatchObject({
      transport: { type: 'http', pool: 'gpu' },
      engineNames: { geometry_resolution: 'octree_resolution' },
      stages: [
        { name: 'shape', deadlineSeconds: 60, weight: 1 },
        { name: 'texture', deadlineSeconds: null, weight: 4 },
      ],
      stallSeconds: null,
      finish: true,
      slots: null,
      offer: {
        stages: ['shape', 'texture'],
        price: 3,
        weight: 1,
        output_formats: ['glb', 'obj', 'fbx', 'stl', 'ply', 'usdz', '3mf'],
        params_schema: {
          additionalProperties: false,
          properties: {
            seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
            geometry_resolution: { type: 'integer', minimum: 16, maximum: 512, default: 256 },
            target_polycount: { type: 'integer', minimum: 100, maximum: 1_000_000 },
          },
        },
      },
    });
  });

  it('offers how to deliver what is finished, and of the others only what they say', () => {
    const properties = (about: object) =>
      Object.keys(readOne(about).models[0]!.offer.params_schema.properties as object);
    expect(properties({ parameters: { seed: {} } })).toEqual([
      'seed',
      'target_polycount',
      'texture_resolution',
      'size_mm',
      'up_axis',
      'compression',
    ]);
    expect(properties({ parameters: { seed: {} }, finish: false })).toEqual(['seed']);
  });

  it('keeps the mapping from clients', () => {
    const { offer } = readOne({ parameters: { target_polycount: { maps_to: 'face_count' } } }).models[0]!;
    expect(JSON.stringify(offer)).not.toContain('face_count');
  });

  it('names settings, which are read when the model is on', () => {
    expect(readOne(celery('${BROKER_URL}')).models[0]!.transport).toMatchObject({
      brokerUrl: 'redis://:secret@broker',
    });
    expect(readOne({ ...celery('${NOWHERE_URL}'), enabled: false }).models).toEqual([]);
  });

  it('offers a model whose licence must be accepted when it is', () => {
    const license = {
      name: 'Community',
      url: 'https://example.org/l',
      territory: 'some places',
      must_be_accepted: true,
    };
    const { models, notes } = readEntries(anEntry({ license }), anEntry({ id: 'other' }));
    expect(models.map(({ offer }) => offer.id)).toEqual(['other']);
    expect(notes).toEqual([
      'The model gpu is not offered: read its licence (Community, https://example.org/l), which is valid in: some places, ' +
        'and set license.accepted to true if you keep to it',
    ]);
    const accepted = readOne({ license: { ...license, accepted: true } });
    expect(accepted.notes).toEqual([]);
    expect(accepted.models[0]!.offer).toMatchObject({ license: 'Community', territory: 'some places' });
  });
});
