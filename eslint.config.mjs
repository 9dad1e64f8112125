import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier/flat';
import tseslint from 'typescript-eslint';

/** Globals through which time, chance and the environment leak in. Pure rooms get them handed in through ports. */
const impure = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console', 'performance'].map(
  (name) => ({
    name,
    message: 'Ground and core are pure: take it in through a port.',
  }),
);
const impureMembers = [
  ['Date', 'now'],
  ['Math', 'random'],
].map(([object, property]) => ({ object, property, message: 'Ground and core are pure: take it in through a port.' }));

const ranks = [
  { sourceTag: 'rank:ground', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'room:footprint', onlyDependOnLibsWithTags: ['rank:ground'] },
  { sourceTag: 'room:cache-engine', onlyDependOnLibsWithTags: ['rank:ground', 'room:footprint'] },
  { sourceTag: 'rank:adapter', onlyDependOnLibsWithTags: ['rank:ground', 'rank:core'] },
  { sourceTag: 'rank:app', onlyDependOnLibsWithTags: ['rank:ground', 'rank:core', 'rank:adapter'] },
  { sourceTag: 'rank:tool', onlyDependOnLibsWithTags: ['rank:ground', 'rank:core', 'rank:adapter', 'rank:app'] },
  // The two nevers: the reader does not know Kafka, the invalidator does not know the database.
  { sourceTag: 'app:read-api', bannedExternalImports: ['kafkajs'] },
  { sourceTag: 'app:invalidator', bannedExternalImports: ['pg', 'pg-*', 'libpg-query'] },
  { sourceTag: 'rank:ground', bannedExternalImports: ['*'] },
  { sourceTag: 'room:footprint', allowedExternalImports: ['libpg-query'] },
  { sourceTag: 'room:cache-engine', bannedExternalImports: ['*'] },
];

export default [
  { ignores: ['**/dist', '**/tmp', '**/node_modules', '**/*.cjs', '.stack*/**'] },
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  ...tseslint.configs.recommendedTypeCheckedOnly.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: ranks }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['libs/{cache-keys,row-change,footprint,cache-engine}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure],
      'no-restricted-properties': ['error', ...impureMembers],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*', '!node:crypto'], message: 'Ground and core have no IO.' }] },
      ],
    },
  },
  prettier,
];
