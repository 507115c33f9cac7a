import { textOf } from './source-files.js';

const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };

describe('THIRD_PARTY_NOTICES.md', () => {
  const rows = textOf('THIRD_PARTY_NOTICES.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const stated = new Map(
    rows.flatMap(([, names = '', licence = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name!, licence]),
    ),
  );

  it('names every package that runs in production, and no other', () => {
    expect([...stated.keys()].toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it.each(Object.keys(dependencies))('states the licence of %s', (name) => {
    const { license } = JSON.parse(textOf(`node_modules/${name}/package.json`)) as { license: string };
    expect(stated.get(name)).toBe(license);
  });
});
