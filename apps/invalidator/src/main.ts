import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { type Logger, parseEnvironment, shutdownOnSignal } from '@freshet/service-kit';
import { type InvalidatorEnvironment, sections } from './environment.js';
import { start } from './start.js';

const DRAIN_MS = 10_000;
/**
 * How much the heap may grow before old objects are collected: to twice of what lives. A backlog is an endless row of records that die
 * soon, and left to itself the engine lets them pile up further.
 */
const HEAP_GROWTH = '--heap-growing-percent=100';

/** Nothing is lost by going: offsets and position stand before the slice that could not be applied. */
function giveUp(err: unknown, logger: Logger): void {
  logger.fatal({ err }, 'giving up');
  logger.flush(() => process.exit(1));
}

async function main(environment: InvalidatorEnvironment): Promise<void> {
  const { url, logger, shutdownSteps } = await start(environment, giveUp);
  shutdownOnSignal(process, { logger, steps: shutdownSteps, deadlineMs: DRAIN_MS });
  logger.info({ url }, 'listening');
  if (environment.admin.generated) console.log(`ADMIN_TOKEN=${environment.admin.token}`);
}

setFlagsFromString(HEAP_GROWTH);
const result = parseEnvironment(sections, process.env);
if (result.ok) {
  main(result.environment).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
} else {
  for (const line of result.lines) console.error(line);
  process.exit(1);
}
