import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findMaven } from './programs.js';

const POM = 'tools/stack/pom.xml';

export interface JavaParts {
  readonly home: string;
  /** Class path of Kafka and Connect. */
  readonly libs: string;
  /** Connect's `plugin.path`: Debezium. */
  readonly plugins: string;
}

/**
 * Kafka, Connect and Debezium, downloaded once per machine and per content of the pom, outside the checkout (FRESHET_CACHE_DIR,
 * by default ~/.cache/freshet). The folder appears whole or not at all, so two first starts at once do no harm.
 */
export async function javaParts(log: (line: string) => void): Promise<JavaParts> {
  const cache = resolve(process.env['FRESHET_CACHE_DIR'] ?? join(homedir(), '.cache/freshet'));
  const digest = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  const home = join(cache, `java-${digest}`);
  if (!existsSync(home)) await download(cache, home, log);
  return { home, libs: join(home, 'libs'), plugins: join(home, 'plugins') };
}

async function download(cache: string, home: string, log: (line: string) => void): Promise<void> {
  log('downloading Kafka, Kafka Connect and Debezium (60 MB, once per machine) …');
  const maven = findMaven();
  await mkdir(cache, { recursive: true });
  const target = await mkdtemp(join(cache, 'download-'));
  try {
    await promisify(execFile)(maven, ['-q', '-B', '-f', POM, 'package', `-Dtarget=${target}`]);
    await rename(target, home);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    if (existsSync(home)) return; // another start was first
    const { stdout } = error as { readonly stdout?: string }; // where Maven says what went wrong
    throw new Error(`the download failed:\n${stdout ?? ''}`, { cause: error });
  }
}
