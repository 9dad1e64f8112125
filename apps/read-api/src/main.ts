import 'reflect-metadata';
import { parseEnvironment, shutdownOnSignal } from '@freshet/service-kit';
import { startService } from './service.js';
import { sections, type Settings } from './settings.js';

const DRAIN_DEADLINE_MS = 20_000;

async function serve(settings: Settings): Promise<void> {
  const { url, logger, stopping } = await startService(settings);
  logger.info({ url }, 'listening');
  shutdownOnSignal(process, { logger, deadlineMs: DRAIN_DEADLINE_MS, steps: stopping });
}

const parsed = parseEnvironment(sections, process.env);
if (parsed.ok) {
  serve(parsed.environment).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
} else {
  for (const line of parsed.lines) console.error(line);
  process.exitCode = 1;
}
