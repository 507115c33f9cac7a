import { readFileSync } from 'node:fs';
import { exceptions } from './exceptions.js';
import { isPermissive } from './licence.js';
import { type ShippedPackage, shippedPackages } from './shipped-packages.js';

const isExcepted = ({ name, licence }: ShippedPackage): boolean =>
  exceptions.some((exception) => exception.packages.test(name) && exception.licence === licence);
const refused = (packages: ShippedPackage[]): string[] =>
  packages
    .filter((one) => !isPermissive(one.licence) && !isExcepted(one))
    .map(({ name, licence }) => `${name}: ${licence}`);

describe('what ships', () => {
  const packages = shippedPackages();

  it('is every dependency and what they bring along', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    expect(packages.map(({ name }) => name)).not.toContain('jest');
  });

  it('is under permissive licences, but for exceptions that are named', () => {
    expect(refused(packages)).toEqual([]);
  });

  it('would not be with a package under another licence, not even under the name of an exception', () => {
    const [some] = packages as [ShippedPackage];
    const planted = [
      { ...some, name: 'planted', licence: 'AGPL-3.0-only' },
      { ...some, name: 'silent', licence: '' },
      { ...some, name: '@img/sharp-libvips-linux-x64', licence: 'GPL-3.0-only' },
    ];
    expect(refused([...packages, ...planted])).toHaveLength(3);
  });

  it.each(exceptions)('still needs the exception for $packages, which THIRD_PARTY_NOTICES.md tells', (exception) => {
    expect(packages.some(({ name }) => exception.packages.test(name))).toBe(true);
    expect(readFileSync('THIRD_PARTY_NOTICES.md', 'utf8')).toContain('LGPL-3.0-or-later');
  });
});
