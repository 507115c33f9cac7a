import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { gatewayRoutes } from './gateway-routes.js';
import { codeBlocksOf, headingsOf, placesIn } from './markdown-page.js';
import { textOf } from './source-files.js';

const readmes = ['README.md', 'README.ru.md'] as const;
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
const routes = gatewayRoutes();

describe.each([...readmes, 'CONTRIBUTING.md'])('%s', (page) => {
  const text = textOf(page);

  it('names only scripts that package.json has', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names only places that exist', () => {
    const files = [...placesIn(text), ...(text.match(/\.env\.example|docker-compose\.yml/g) ?? [])];
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((place) => !existsSync(path.join(projectRoot(), place)))).toEqual([]);
  });
});

describe.each(readmes)('the API in %s', (page) => {
  const text = textOf(page);

  it('is that of the gateway', () => {
    const named = [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`]*)`/g)].map(([, route]) => route!);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((route) => !routes.has(route))).toEqual([]);
  });

  it('has every route of the gateway', () => {
    expect([...routes].filter((route) => !route.startsWith('HEAD ') && !text.includes(`\`${route}\``))).toEqual([]);
  });

  it('is what its curl commands call', () => {
    const called = codeBlocksOf(text).flatMap(callsOf);
    expect(called.length).toBeGreaterThan(8);
    expect(called.filter((route) => !routes.has(route))).toEqual([]);
  });
});

it('the README makes the .env file as .env.example says', () => {
  const command = codeBlocksOf(textOf('README.md'))
    .join('')
    .match(/^\(umask .*$/m)?.[0];
  expect(command).toBeDefined();
  expect(textOf('.env.example')).toContain(command);
});

describe('the README in Russian', () => {
  const [english, russian] = readmes.map(textOf) as [string, string];

  it('has the sections of the English one', () => {
    expect(headingsOf(russian).map(({ level }) => level)).toEqual(headingsOf(english).map(({ level }) => level));
  });

  it('has its commands', () => {
    expect(codeBlocksOf(russian)).toEqual(codeBlocksOf(english));
  });
});

const parameters: Record<string, string> = { $FILE: '{file_id}', $TASK: '{task_id}', $MORE: '{task_id}' };

/** The routes that the curl commands of a block ask for. */
function callsOf(block: string): string[] {
  const commands = block.replaceAll('\\\n', ' ').match(/curl [^|)]*/g) ?? [];
  return commands.map((command) => {
    const [, route = ''] = /"\$API(\/[^"?]*)/.exec(command) ?? [];
    const method = / (?:-X POST|-d|-F) /.test(command) ? 'POST' : 'GET';
    return `${method} ${route.replaceAll(/\$[A-Z]+/g, (name) => parameters[name] ?? name)}`;
  });
}
