import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';

/**
 * Reads a service's settings from the environment once. `NAME_FILE` names a file that holds the value (a mounted secret).
 * A missing or wrong setting throws an error that lists every one of them by name; values are never printed.
 */
export function loadConfig<T extends object>(settings: new () => T, environment: NodeJS.ProcessEnv = process.env): T {
  const given = { ...fromFiles(environment), ...environment };
  const known = new settings();
  const values = Object.fromEntries(
    [...new Set([...Object.keys(known), ...settingNames(settings)])]
      .filter((name) => given[name] !== undefined && given[name] !== '')
      .map((name) => [name, given[name]]),
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

function fromFiles(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const files = Object.entries(environment).filter(([name, file]) => name.endsWith('_FILE') && file);
  return Object.fromEntries(files.map(([name, file]) => [name.slice(0, -5), readFileSync(file!, 'utf8').trim()]));
}

const settingNames = (settings: new () => object): string[] =>
  getMetadataStorage()
    .getTargetValidationMetadatas(settings, '', false, false)
    .map(({ propertyName }) => propertyName);
