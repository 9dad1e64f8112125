import { type Logger } from '@freshet/service-kit';
import { Pool } from 'pg';
import { poolConfig, type DatabaseOptions } from './session-options.js';

/** Unheard, the error of a broken connection would end the process: of an idle one the pool tells, of one in use it does not. */
export function connectionPool(options: DatabaseOptions, logger: Logger): Pool {
  const pool = new Pool(poolConfig(options));
  pool.on('error', ({ message }) => logger.warn({ message }, 'an idle database connection broke'));
  pool.on('connect', (client) =>
    client.on('error', ({ message }) => logger.debug({ message }, 'a database connection broke')),
  );
  return pool;
}
