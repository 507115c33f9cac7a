import { isDefaultSecret } from './default-secret.js';

/** By their names, so that a new one is checked without anybody remembering to. `S3_ACCESS_KEY` is a name, not a secret. */
const secretNames = /_(SECRET|SECRET_KEY|PASSWORD)$/;

/** Several secrets, each behind what it is good for: `pool:token`, separated by commas or new lines. */
const tokenNames = /_TOKENS$/;

/** Whose secret a setting is, where another setting says it. */
const userNameOf: Record<string, string> = { S3_SECRET_KEY: 'S3_ACCESS_KEY' };

/** What amqplib logs in with when a URL has no name and password. */
const guest = 'guest';

/**
 * The settings that are, or hold, a secret which everybody knows, each with what is wrong; never with its value. Looks at the secrets
 * themselves and at the passwords in URLs.
 */
export function defaultSecretsIn(settings: Record<string, string | undefined>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const wrong = wrongIn(name, value, settings);
    return wrong === null ? [] : [`${name} ${wrong}, which NODE_ENV=production does not allow`];
  });
}

function wrongIn(name: string, value: string, settings: Record<string, string | undefined>): string | null {
  if (tokenNames.test(name)) return wrongTokens(value);
  return secretNames.test(name) ? wrongSecret(value, settings[userNameOf[name] ?? '']) : wrongUrl(value);
}

function wrongTokens(pairs: string): string | null {
  const isKnown = (pair: string): boolean => isDefaultSecret(pair.slice(pair.indexOf(':') + 1), pair.split(':')[0]);
  return pairs.split(/[,\n]/).some((pair) => pair.trim() !== '' && isKnown(pair.trim()))
    ? 'has a token that is a well-known default or too simple'
    : null;
}

const wrongSecret = (secret: string, userName: string | undefined): string | null =>
  isDefaultSecret(secret, userName) ? 'is a well-known default or too simple' : null;

function wrongUrl(value: string): string | null {
  if (!/^\w+:\/\//.test(value) || !URL.canParse(value)) return null;
  const { protocol, username, password } = new URL(value);
  const isBroker = /^amqps?:$/.test(protocol);
  if (password === '' && !isBroker) return null;
  const [name, secret] = [decoded(username), password === '' ? guest : decoded(password)];
  return isDefaultSecret(secret, name) ? 'has a password that is a well-known default or too simple' : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
