import { type Listener } from '@freshet/cache-engine';
import { type Logger } from '@freshet/service-kit';
import { type InvalidationListener } from './invalidation.js';
import { type ConsumerState } from './kafka/log-consumer.js';

/** Every tenth attempt is told again: a long outage must stay visible without filling the disk. */
const TELL_EVERY = 10;

/** What an operator must hear of. Slices that went well are told at `debug` only. */
export function invalidationLog(logger: Logger): InvalidationListener {
  return (event) => {
    if (event.kind === 'applied') {
      const { slice, deleted, tested, changes } = event;
      const { topic, partition } = slice;
      const offset = slice.records.at(-1)?.offset;
      logger.debug({ topic, partition, offset, changes: changes.length, tested, deleted }, 'applied');
    } else if (event.kind === 'dead-letter') {
      const { slice, poison } = event;
      const { topic, partition } = slice;
      const { table, reason, errorClass, record } = poison;
      logger.error(
        { topic, partition, offset: record.offset, table, reason, errorClass },
        'a record went to the dead letters',
      );
    } else if (event.kind === 'waiting') {
      if (event.attempt % TELL_EVERY === 1)
        logger.warn({ reason: event.reason, attempt: event.attempt }, 'waiting for the store');
    } else {
      logger.info('the store is back');
    }
  };
}

export function engineLog(logger: Logger): Listener {
  return (event) => {
    if (event.kind === 'epoch-raised') {
      logger.error({ epoch: event.epoch, reason: event.reason }, 'the whole cache was abandoned');
    } else if (event.kind === 'deleted') {
      logger.trace({ key: event.key, because: event.because }, 'deleted');
    }
  };
}

export function tellState(logger: Logger, state: ConsumerState): void {
  if (state.kind === 'waiting') logger.warn({ reason: state.reason }, 'waiting for Kafka');
  else logger.info({ state: state.kind }, 'consumer');
}
