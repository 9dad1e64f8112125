// One compiler for tests and bundles: SWC, with decorator metadata kept. Types are checked by the `typecheck` target.
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

// Packages that are ESM only, or import() something: Node 20.19 can do either, Jest cannot (before Node 24.9), so they are compiled too.
const COMPILED = '(sql-template-tag|@opentelemetry/otlp-exporter-base)';

module.exports = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  resolver: '@nx/jest/plugins/resolver',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stack'],
  transform: {
    '\\.(lua|html|sql)$': require.resolve('./tools/jest-text.cjs'),
    '^.+\\.ts$': swc,
    [`/node_modules/${COMPILED}/.+\\.js$`]: swc,
  },
  transformIgnorePatterns: [`/node_modules/(?!${COMPILED}/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
