import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const POM = 'tools/stack/pom.xml';

export interface JavaParts {
  readonly home: string;
  /** Class path of Kafka and Connect. */
  readonly libs: string;
  /** Connect's `plugin.path`: Debezium. */
  readonly plugins: string;
}

/** Where Kafka, Connect and Debezium are kept: once per machine and per content of the pom, outside the checkout. */
export async function javaPartsHome(): Promise<string> {
  const cache = resolve(process.env['FRESHET_CACHE_DIR'] ?? join(homedir(), '.cache/freshet'));
  const digest = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  return join(cache, `java-${digest}`);
}

export function javaParts(home: string): JavaParts {
  return { home, libs: join(home, 'libs'), plugins: join(home, 'plugins') };
}

/** The folder appears whole or not at all, so two first starts at once do no harm. */
export async function downloadJavaParts(home: string, maven: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const target = await mkdtemp(join(dirname(home), 'download-'));
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
