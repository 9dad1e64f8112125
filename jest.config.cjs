// Three kinds of test, told apart by file name: pure, on real servers, on the whole stack.
const preset = require('./jest.preset.cjs');
const kind = (displayName, testMatch) => ({ ...preset, rootDir: __dirname, displayName, testMatch });

module.exports = {
  projects: [
    kind('unit', ['<rootDir>/{apps,libs,tools}/**/!(*.int|*.e2e).spec.ts']),
    kind('int', ['<rootDir>/{apps,libs,tools}/**/*.int.spec.ts']),
    kind('e2e', ['<rootDir>/{apps,libs,tools}/**/*.e2e.spec.ts']),
  ],
};
