// node tools/run.mjs <file.ts> [arguments]: bundles one TypeScript tool to dist/tools and runs it in this process.
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';

const [entry, ...args] = process.argv.slice(2);
const outfile = resolve('dist/tools', `${basename(dirname(entry))}-${basename(entry, '.ts')}.js`);
await build(await bundleOptions({ entry, outfile }));
process.argv = [process.argv[0], outfile, ...args];
process.setSourceMapsEnabled(true);
createRequire(import.meta.url)(outfile);
