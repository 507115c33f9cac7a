import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { defaultSecretsIn } from './default-secrets.js';

/**
 * Reads a service's settings from the environment once. `NAME_FILE` names a file that holds the value (a mounted secret).
 * A missing or wrong setting throws an error that lists every one of them by name; values are never printed. In production a secret
 * that everybody knows is a wrong setting.
 */
export function loadConfig<T extends object>(settings: new () => T, environment: NodeJS.ProcessEnv = process.env): T {
  const known = new settings();
  const names = [...new Set([...Object.keys(known), ...settingNames(settings)])];
  const given = settingsFrom(names, environment);
  const values = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, likeDefault(text, Reflect.get(known, name))]),
  );
  const config = plainToInstance(settings, values, { enableImplicitConversion: true, exposeDefaultValues: true });
  const lines = validateSync(config, { stopAtFirstError: true }).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );
  if (lines.length > 0) throw new ConfigError(lines);
  return config;
}

/** Wrong settings: the process cannot start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: string[]) {
    super(`wrong settings:\n  ${lines.join('\n  ')}`);
  }
}

/**
 * The settings of these names that are given, each by a variable or by the file that `NAME_FILE` names. Only of settings: other programs'
 * variables are called `SSL_CERT_FILE` and the like too. With NODE_ENV=production none may be a secret that everybody knows.
 */
export function settingsFrom(names: string[], environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name] || fromFile(`${name}_FILE`, environment);
    if (value !== undefined && value !== '') given[name] = value;
  }
  const known = environment.NODE_ENV === 'production' ? defaultSecretsIn(given) : [];
  if (known.length > 0) throw new ConfigError(known);
  return given;
}

function fromFile(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[variable];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError([`${variable} names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
}

/** The text as the kind of value that the default is: a property without a written type does not tell its own. */
function likeDefault(text: string, byDefault: unknown): unknown {
  if (typeof byDefault === 'number') return text.trim() === '' ? Number.NaN : Number(text);
  return text;
}

const settingNames = (settings: new () => object): string[] =>
  getMetadataStorage()
    .getTargetValidationMetadatas(settings, '', false, false)
    .map(({ propertyName }) => propertyName);

/** Some variables of the environment by name, for a process of our own that must not see the rest. */
export const passedOn = (...names: string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
