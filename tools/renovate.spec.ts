import { readFileSync } from 'node:fs';

interface Renovate {
  automerge: boolean;
  packageRules: { matchPackageNames?: string[]; automerge?: boolean }[];
}

const renovate = JSON.parse(readFileSync('renovate.json', 'utf8')) as Renovate;
const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>;
const images = ['docker-compose.yml', 'docker/Dockerfile']
  .map((file) => readFileSync(file, 'utf8'))
  .flatMap((text) => [...text.matchAll(/(?:image:|FROM) ([a-z/]+):/g)].map(([, name]) => name!));
const known = [...Object.keys(dependencies!), ...Object.keys(devDependencies!), ...images];
const named = renovate.packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);

describe('renovate.json', () => {
  it.each(named)('names %s, which there is', (name) => {
    const [start, ...rest] = name.split('**');
    expect(known.some((one) => (rest.length > 0 ? one.startsWith(start!) : one === name))).toBe(true);
  });

  it('merges nothing by itself', () => {
    expect(renovate.automerge).toBe(false);
    expect(JSON.stringify(renovate)).not.toContain('"automerge":true');
  });
});
