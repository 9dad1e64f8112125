// One compiler for tests and bundles: SWC, with decorator metadata kept. Types are checked by the `typecheck` target.
module.exports = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  resolver: '@nx/jest/plugins/resolver',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stack'],
  transform: {
    '\\.(lua|html|sql)$': require.resolve('./tools/jest-text.cjs'),
    '^.+\\.ts$': [
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
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
