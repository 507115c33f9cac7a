import { characterCount } from '#contracts';

/** No setting allows less (OWASP ASVS 5.0, 6.2.1). The longest is in the contract: 128. */
export const shortestPassword = 8;

/** Whom a password is for: what everybody knows of them is no secret. */
export interface PasswordOwner {
  email: string;
  displayName: string | null;
}

export interface PasswordRules {
  minLength: number;
  isCommon: (password: string) => boolean;
}

/**
 * What is wrong with a password, or null. Length and knowledge only, no composition rules (NIST SP 800-63B-4 §3.1.1.2, ASVS 5.0 6.2):
 * they make passwords predictable, not strong. The password is looked at exactly as it was received.
 */
export function weaknessOf(
  password: string,
  owner: PasswordOwner,
  { minLength, isCommon }: PasswordRules,
): string | null {
  if (characterCount(password) < minLength) return `must be at least ${minLength} characters long`;
  if (isCommon(password)) return 'is one of the passwords that are guessed first';
  if (tellsOwner(password, owner)) return 'must be more than your e-mail address or your name';
  if (tellsService(password)) return 'must be more than the name of this service';
  return null;
}

/** A shorter local part is in too many good passwords by chance. */
const shortestTellingPart = 4;

/** The address, its local part or the name, in any case, with or without digits and signs around it. */
function tellsOwner(password: string, { email, displayName }: PasswordOwner): boolean {
  const localPart = email.slice(0, email.lastIndexOf('@'));
  const known = [email, displayName ?? '', ...(localPart.length >= shortestTellingPart ? [localPart] : [])];
  const guesses = new Set(known.filter((text) => text !== '').flatMap((text) => [plain(text), bare(text)]));
  guesses.delete('');
  return guesses.has(plain(password)) || guesses.has(bare(password));
}

/** Words of this service and of passwords as such, and nothing besides but digits and signs. */
function tellsService(password: string): boolean {
  const letters = plain(password).replaceAll(/[^\p{L}]/gu, '');
  return (
    letters.includes('lathe') && /^(lathe|password|passwort|secret|admin|user|login|model|api|my|the|d)+$/.test(letters)
  );
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Without the digits and signs at both ends: `Ada.Lovelace1815!` is no better than `ada.lovelace`. */
const bare = (text: string): string => plain(text).replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
