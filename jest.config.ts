/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const swc = (parser: object) => [
  '@swc/jest',
  {
    sourceMaps: 'inline',
    jsc: {
      parser,
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2023',
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
  },
];

/** ESM-only packages that Jest on Node 20 cannot require(): compiled to CommonJS by swc, cached on disk. */
const esmPackages = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'load-esm',
  '@gltf-transform',
  'ktx-parse',
  'property-graph',
  'meshoptimizer',
  'manifold-3d',
  'uuidv7',
  'content-disposition',
  'three',
];

/**
 * *.spec.ts: pure rules, in seconds. *.heavy.spec.ts: whole models and processes. *.int.spec.ts: real PostgreSQL, RabbitMQ and S3.
 * *.e2e.spec.ts: the composed system over HTTP.
 * The servers are a throw-away local stack, started once for the run by globalSetup.
 */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testRegex: String.raw`\.spec\.ts$`,
  moduleNameMapper: {
    [String.raw`^(\.{1,2}/.*)\.js$`]: '$1',
    // what its readers need of three.js, without the renderer
    '^three$': '<rootDir>/node_modules/three/build/three.core.js',
  },
  transform: {
    [String.raw`\.ts$`]: swc({ syntax: 'typescript', decorators: true }),
    [String.raw`\.m?js$`]: swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // most suites wait more than they compute: three of them keep two cores busy, with the servers
  maxWorkers: 3,
  testSequencer: '<rootDir>/tools/test-stack/faults-last.cjs',
  testTimeout: 30_000,
  globalSetup: '<rootDir>/tools/test-stack/global-setup.ts',
  globalTeardown: '<rootDir>/tools/test-stack/global-teardown.ts',
  reporters: ['default', '<rootDir>/tools/test-stack/summary-reporter.cjs'],
} as unknown as Config;
