import { bodyOfForm } from './task-form.js';

const none = { pictures: [] };

describe('a form for a new task', () => {
  it('stands for the same JSON', () => {
    const fields = [
      ['prompt', 'a red mug'],
      ['params', '{"seed": 42}'],
      ['metadata', '{"a":"b"}'],
      ['output_formats', '["glb","fbx"]'],
      ['fallback_models', '["fast"]'],
      ['deadline_seconds', '60'],
    ] as const;
    expect(bodyOfForm(fields, none)).toEqual({
      prompt: 'a red mug',
      params: { seed: 42 },
      metadata: { a: 'b' },
      output_formats: ['glb', 'fbx'],
      fallback_models: ['fast'],
      deadline_seconds: 60,
    });
  });

  it('keeps a prompt that looks like JSON a prompt', () => {
    expect(bodyOfForm([['prompt', '42']], none)).toEqual({ prompt: '42' });
  });

  it('takes a part that says it is JSON as what it means', () => {
    expect(bodyOfForm([['params', { seed: 1 }]], none)).toEqual({ params: { seed: 1 } });
  });

  it('adds its pictures to the named ones', () => {
    expect(bodyOfForm([['images', '[{"file_id":"a","view":"back"}]']], { pictures: ['b', 'c'] })).toEqual({
      images: [{ file_id: 'a', view: 'back' }, { file_id: 'b' }, { file_id: 'c' }],
    });
  });

  it('takes a mesh by its name or as a file, but not both', () => {
    const named = ['mesh', '{"file_id":"a"}'] as const;
    expect(bodyOfForm([named], none)).toEqual({ mesh: { file_id: 'a' } });
    expect(bodyOfForm([], { pictures: [], mesh: 'b' })).toEqual({ mesh: { file_id: 'b' } });
    expect(() => bodyOfForm([named], { pictures: [], mesh: 'b' })).toThrow(
      expect.objectContaining({ details: { errors: [{ pointer: '/mesh', message: 'mesh is given twice' }] } }),
    );
  });

  it('leaves what is wrong to the check of the body', () => {
    expect(bodyOfForm([['images', '5']], { pictures: ['b'] })).toEqual({ images: 5 });
  });

  it.each([
    [[['params', '{seed: 1}']], '/params'],
    [
      [
        ['prompt', 'a'],
        ['prompt', 'b'],
      ],
      '/prompt',
    ],
  ] as const)('refuses %j', (fields, pointer) => {
    expect(() => bodyOfForm(fields, none)).toThrow(
      expect.objectContaining({
        code: 'invalid_parameters',
        details: { errors: [expect.objectContaining({ pointer })] },
      }),
    );
  });
});
