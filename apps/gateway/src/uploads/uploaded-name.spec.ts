import { uploadedName } from './uploaded-name.js';

describe('the name of an uploaded file', () => {
  it.each([
    ['mug.png', 'mug.png'],
    ['рыжая кошка.png', 'рыжая кошка.png'],
    ['../../etc/passwd', 'passwd'],
    [String.raw`C:\pictures\mug.png`, 'mug.png'],
    ['a\r\nb\u0000.png', 'ab.png'],
    ['gnp.\u202eexe', 'gnp.exe'],
    ['', ''],
  ])('%j becomes %j', (given, name) => {
    expect(uploadedName(given)).toBe(name);
  });

  it('is cut between characters, not within one', () => {
    expect(uploadedName('🐱'.repeat(300))).toBe('🐱'.repeat(255));
  });
});
