import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classArchiveFlags } from './class-archive.js';
import type { JavaParts } from './java-parts.js';
import type { Command } from './process.js';

const LOG_SETTINGS = `status=error
rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1} %m%n
`;

export interface JvmOptions {
  readonly home: string;
  readonly java: string;
  readonly parts: JavaParts;
  readonly mainClass: string;
  readonly args: readonly string[];
  /** Runs until it is told to end; the default. */
  readonly lasting?: boolean;
}

/** Small enough to run two of them beside everything else; the serial collector starts faster and needs no threads of its own. */
export function jvmCommand({ home, java, parts, mainClass, args, lasting = true }: JvmOptions): Command {
  return {
    file: java,
    args: [
      '-Xmx384m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      ...classArchiveFlags({ home, shared: parts.home, java, lasting }),
      `-Dlog4j2.configurationFile=${join(home, 'log4j2.properties')}`,
      '-cp',
      join(parts.libs, '*'),
      mainClass,
      ...args,
    ],
  };
}

/** Writes a Java properties file and the JVM's log settings beside it. */
export async function writeSettings(
  home: string,
  file: string,
  settings: Record<string, string | number>,
): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'log4j2.properties'), LOG_SETTINGS);
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(home, file), lines.join(''));
}
