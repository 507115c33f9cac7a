import { emojiIn } from './emoji-index.js';

describe('an emoji in a text', () => {
  it.each([
    ['a 🦊 please', 'fox'],
    ['❤️', 'red heart'],
    ['👨\u200d👩\u200d👧', 'family: man, woman, girl'],
    ['👍🏿', 'thumbs up'],
    ['1️⃣', 'keycap: 1'],
  ])('%s is found', (text, label) => {
    expect(emojiIn(text)?.label).toBe(label);
  });

  it.each(['no 1 here', '#*', '🇪🇺', '红色的杯子'])('is none in %s', (text) => {
    expect(emojiIn(text)).toBeUndefined();
  });
});
