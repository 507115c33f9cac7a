import { isCommonPassword } from './common-passwords.js';
import { type PasswordOwner, weaknessOf } from './password-rules.js';

const ada: PasswordOwner = { email: 'ada.lovelace@example.org', displayName: 'Ada King of Lovelace' };
const weakness = (password: string, owner = ada, minLength = 8) =>
  weaknessOf(password, owner, { minLength, isCommon: isCommonPassword });

describe('a password', () => {
  it.each([
    'correct horse battery',
    'xk7Qz!pw',
    '  spaces  ',
    'пароль-для-меня',
    '🔑🦊🔑🦊🔑🦊🔑🦊',
    'lathe and a chisel',
    'ada.lovelace met Babbage',
    'x'.repeat(128),
  ])('%j is taken', (password) => {
    expect(weakness(password)).toBeNull();
  });

  it.each([
    ['seven77', 'at least 8 characters'],
    ['🔑🦊🔑🦊🔑🦊🔑', 'at least 8 characters'],
    ['password', 'guessed first'],
    ['PassWord', 'guessed first'],
    ['12345678', 'guessed first'],
    ['qwertyuiop', 'guessed first'],
    ['ada.lovelace@example.org', 'e-mail address'],
    ['ADA.LOVELACE', 'e-mail address'],
    ['ada.lovelace1815!', 'e-mail address'],
    ['ada king of lovelace', 'your name'],
    ['lathelathe', 'this service'],
    ['Lathe-3D-2026', 'this service'],
    ['my lathe password', 'this service'],
  ])('%j is refused', (password, why) => {
    expect(weakness(password)).toContain(why);
  });

  it('may hold a local part of three letters, which is in many by chance', () => {
    expect(weakness('ada12345!', { email: 'ada@example.org', displayName: null })).toBeNull();
  });

  it('is as good as any other for somebody without a name', () => {
    expect(weakness('--------1', { email: 'a@example.org', displayName: null })).toBeNull();
    expect(weakness('--------1', { email: 'a@example.org', displayName: '---' })).toBeNull();
  });

  it('has to be as long as the setting says', () => {
    expect(weakness('fourteen chars', ada, 15)).toBe('must be at least 15 characters long');
    expect(weakness('fifteen charact', ada, 15)).toBeNull();
  });
});
