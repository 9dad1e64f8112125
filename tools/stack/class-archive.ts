import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';

const OWN_ARCHIVE = 'classes.jsa';

export interface ClassArchiveOptions {
  /** The part's own folder, where its first proper end leaves an archive. */
  readonly home: string;
  /** The machine's folder of the Java parts, where every later start of any stack finds it. */
  readonly shared: string;
  readonly java: string;
  /** A JVM that runs for a moment uses an archive but does not leave one. */
  readonly lasting: boolean;
}

/**
 * A JVM spends most of its start on reading and checking classes. It writes down what it read when it ends properly; from then on every
 * start takes about half the processor time. The JVM ignores an archive that does not fit.
 */
export function classArchiveFlags({ home, shared, java, lasting }: ClassArchiveOptions): string[] {
  const release = createHash('sha256')
    .update(execFileSync(java, ['--version']))
    .digest('hex')
    .slice(0, 8);
  const archive = join(shared, `${basename(home)}-${release}.jsa`);
  const own = join(home, OWN_ARCHIVE);
  if (!existsSync(archive) && existsSync(own)) {
    const whole = `${archive}.${process.pid}`;
    copyFileSync(own, whole);
    renameSync(whole, archive);
  }
  if (existsSync(archive)) return [`-XX:SharedArchiveFile=${archive}`];
  return lasting ? [`-XX:ArchiveClassesAtExit=${own}`] : [];
}
