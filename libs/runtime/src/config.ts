import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';

/**
 * Reads a service's settings from the environment once. `NAME_FILE` names a file that holds the value (a mounted secret).
 * A missing or wrong setting throws an error that lists every one of them by name; values are never printed.
 */
export function loadConfig<T extends object>(settings: new () => T, environment: NodeJS.ProcessEnv = process.env): T {
  const known = new settings();
  const names = [...new Set([...Object.keys(known), ...settingNames(settings)])];
  const given = { ...fromFiles(names, environment), ...environment };
  const values = Object.fromEntries(
    names
      .filter((name) => given[name] !== undefined && given[name] !== '')
      .map((name) => [name, likeDefault(given[name]!, Reflect.get(known, name))]),
  );
  const config = plainToInstance(settings, values, { enableImplicitConversion: true, exposeDefaultValues: true });
  const problems = validateSync(config, { stopAtFirstError: true });
  if (problems.length > 0) {
    const lines = problems.flatMap(({ constraints }) => Object.values(constraints ?? {}));
    throw new ConfigError(lines);
  }
  return config;
}

/** Wrong settings: the process cannot start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: string[]) {
    super(`wrong settings:\n  ${lines.join('\n  ')}`);
  }
}

/** Only of settings: other programs' variables are called `SSL_CERT_FILE` and the like too. */
function fromFiles(names: string[], environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const files = names.map((name) => [name, environment[`${name}_FILE`]] as const).filter(([, file]) => file);
  return Object.fromEntries(files.map(([name, file]) => [name, readFileSync(file!, 'utf8').trim()]));
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
