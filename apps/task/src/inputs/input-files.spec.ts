import { aTask } from '../../test/a-task.js';
import { faultsOf, fileIdsOf } from './input-files.js';

const task = aTask({
  images: [{ file_id: 'p' }, { file_id: 'q', view: 'left' }, { file_id: 'p', view: 'back' }],
  mesh: { file_id: 'm' },
});
const files = [
  { file_id: 'p', media_type: 'image/png' },
  { file_id: 'q', media_type: 'image/webp' },
  { file_id: 'm', media_type: 'model/gltf-binary' },
];

describe('the files that a task starts from', () => {
  it('are its pictures and its model, each once', () => {
    expect(fileIdsOf(task)).toEqual(['p', 'q', 'm']);
    expect(fileIdsOf(aTask())).toEqual([]);
  });

  it('are good when all are there and of their kind', () => {
    expect(faultsOf(task, files)).toEqual([]);
  });

  it('are the same in capital letters', () => {
    expect(faultsOf(aTask({ images: [{ file_id: 'P' }], mesh: { file_id: 'M' } }), files)).toEqual([]);
  });

  it('are named where one is missing', () => {
    expect(faultsOf(task, files.slice(1))).toEqual([
      { pointer: '/images/0/file_id', message: 'no such picture' },
      { pointer: '/images/2/file_id', message: 'no such picture' },
    ]);
  });

  it('are named where one is of another kind', () => {
    const swapped = aTask({ images: [{ file_id: 'm' }], mesh: { file_id: 'p' } });
    expect(faultsOf(swapped, files).map(({ pointer }) => pointer)).toEqual(['/images/0/file_id', '/mesh/file_id']);
  });
});
