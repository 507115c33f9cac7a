import { Conversion, NewTask } from '#contracts';
import { validated } from '#messaging';
import { fingerprintOf } from './fingerprint.js';

const [fileId, otherId] = ['01a20000-0000-7000-8000-000000000001', '01a20000-0000-7000-8000-000000000002'];
const hashOf = (body: object): string => fingerprintOf(validated(NewTask, body));

describe('the fingerprint of a request', () => {
  it('is a SHA-256', () => {
    expect(hashOf({ prompt: 'a mug' })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same in whatever order the fields are, at every depth', () => {
    const one = { prompt: 'a mug', params: { seed: 1, model_params: { steps: 2, mood: { warm: 1, dry: 2 } } } };
    const other = { params: { model_params: { mood: { dry: 2, warm: 1 }, steps: 2 }, seed: 1 }, prompt: 'a mug' };
    expect(hashOf(one)).toBe(hashOf(other));
  });

  it('differs from that of every other request', () => {
    const bodies = [
      { prompt: 'a mug' },
      { prompt: 'a mug', metadata: { a: 'b' } },
      { prompt: 'a mug', model: 'auto' },
      { prompt: 'a mug', fallback_models: ['fast', 'large'] },
      { prompt: 'a mug', fallback_models: ['large', 'fast'] },
      { prompt: 'a mug', metadata: { a: 'c' } },
      { prompt: 'a mug', output_formats: ['glb', 'fbx'] },
      { prompt: 'a mug', output_formats: ['fbx', 'glb'] },
      { prompt: 'a mug', params: { seed: 1 } },
      { prompt: 'a mug', metadata: { 'a":"b': 'c' } },
      { prompt: 'a mug', metadata: { a: 'b":"c' } },
      { images: [{ file_id: fileId }] },
      { images: [{ file_id: fileId, view: 'back' }] },
      { images: [{ file_id: otherId }] },
      { images: [{ file_id: fileId }, { file_id: otherId }] },
      { images: [{ file_id: otherId }, { file_id: fileId }] },
      { mesh: { file_id: fileId } },
      { mesh: { file_id: otherId } },
    ];
    const conversions = [
      { source_task_id: fileId, output_formats: ['glb'] },
      { source_task_id: otherId, output_formats: ['glb'] },
      { source_task_id: fileId, output_formats: ['stl'] },
      { source_task_id: fileId, output_formats: ['glb'], size_mm: 80 },
    ].map(({ source_task_id, ...body }) => fingerprintOf({ ...validated(Conversion, body), source_task_id }));
    expect(new Set([...bodies.map(hashOf), ...conversions]).size).toBe(bodies.length + conversions.length);
  });

  it('counts an uploaded mesh by its content, too', () => {
    const ofMesh = (file_id: string, sha256: string) =>
      fingerprintOf({ mesh: { file_id } }, new Map([[file_id, sha256]]));
    expect(ofMesh(fileId, 'a')).toBe(ofMesh(otherId, 'a'));
    expect(ofMesh(fileId, 'a')).not.toBe(ofMesh(fileId, 'b'));
  });

  it('counts an uploaded picture by its content, and a named one by its name', () => {
    const ofPicture = (file_id: string, sha256: string) =>
      fingerprintOf({ images: [{ file_id }] }, new Map([[file_id, sha256]]));
    expect(ofPicture(fileId, 'a')).toBe(ofPicture(otherId, 'a'));
    expect(ofPicture(fileId, 'a')).not.toBe(ofPicture(fileId, 'b'));
    expect(ofPicture(fileId, 'a')).not.toBe(hashOf({ images: [{ file_id: fileId }] }));
  });
});
