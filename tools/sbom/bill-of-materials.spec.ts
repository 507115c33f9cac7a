import { readFileSync } from 'node:fs';
import { shippedPackages } from '../licences/shipped-packages.js';
import { billOfMaterials } from './bill-of-materials.js';
import { debianPackages } from './debian-packages.js';

const status = `Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u10
Description: GNU C Library
 several lines
 .
 of it

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0
`;

describe('the bill of materials', () => {
  const { name, version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string;
    version: string;
    dependencies: Record<string, string>;
  };
  const packages = shippedPackages().filter(({ installed }) => installed);
  const bill = billOfMaterials(version, packages, debianPackages(status));

  it('is a CycloneDX document about Lathe, whose components have a name, a version and an address each', () => {
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { name, version } },
    });
    const vague = bill.components.filter((one) => !one.name || !one.version || !/^pkg:(npm|deb)\/.+@.+/.test(one.purl));
    expect(vague).toEqual([]);
    expect(new Set(bill.components.map((one) => one['bom-ref'])).size).toBe(bill.components.length);
  });

  it('has what ships, each with its licence and its hash, and nothing that is only for development', () => {
    const named = new Map(bill.components.map((one) => [`${one.name}@${one.version}`, one]));
    for (const wanted of Object.entries(dependencies)) {
      expect(named.get(wanted.join('@'))).toMatchObject({
        licenses: [{ expression: expect.stringMatching(/./) }],
        hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
      });
    }
    expect(bill.components.map((one) => one.name)).not.toContain('jest');
  });

  it('has the packages of Debian that an image is said to have', () => {
    expect(bill.components.filter(({ purl }) => purl.startsWith('pkg:deb/'))).toMatchObject([
      { name: 'libc6', version: '2.36-9+deb12u10', purl: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64' },
    ]);
  });
});
