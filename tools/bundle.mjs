// How TypeScript becomes something Node runs: SWC compiles each file (esbuild alone would drop the decorator metadata that Nest
// injects by), esbuild bundles our own code, packages stay external.
import { readFile } from 'node:fs/promises';
import { transform } from '@swc/core';

const decoratorMetadata = {
  name: 'decorator-metadata',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        filename: path,
        swcrc: false,
        configFile: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

async function aliases() {
  const { compilerOptions } = JSON.parse(await readFile('tsconfig.base.json', 'utf8'));
  return Object.fromEntries(Object.entries(compilerOptions.paths).map(([name, [file]]) => [name, file]));
}

export async function bundleOptions({ entry, outfile, plugins = [] }) {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    alias: await aliases(),
    loader: { '.lua': 'text', '.html': 'text', '.sql': 'text' },
    sourcemap: true,
    // No keepNames: it defines the name of every closure anew each time one is made, on hits too.
    logLevel: 'warning',
    plugins: [decoratorMetadata, ...plugins],
  };
}
