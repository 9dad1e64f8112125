#!/usr/bin/env node
// npx freshet …: the operator's command line, built anew when a source is newer than the bundle.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'dist/apps/freshet/main.js');

function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath ?? file.path, file.name)).mtimeMs));
}

const sources = existsSync(join(root, 'apps/freshet/src')) ? ['apps/freshet/src', 'libs'] : [];
const stale = () => sources.some((folder) => newest(join(root, folder)) > statSync(bundle).mtimeMs);
if (!existsSync(bundle) || stale()) {
  const built = spawnSync(process.execPath, ['tools/app.mjs', 'freshet'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const { status } = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
