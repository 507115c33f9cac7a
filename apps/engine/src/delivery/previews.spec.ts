import { previewOf } from './previews.js';

describe('a preview', () => {
  it.each([
    ['preview.png', 'front', 512],
    ['preview-256.png', 'front', 256],
    ['preview-right.png', 'right', 512],
    ['preview-right-256.png', 'right', 256],
    ['preview-back.png', 'back', 512],
    ['preview-left-256.png', 'left', 256],
    ['picture.png', 'front', 512],
    ['preview-below.png', 'front', 512],
  ])('called %s shows the %s in %i pixels', (name, view, size) => {
    expect(previewOf({ name })).toEqual({ view, size });
  });
});
