import { type PoolConfig } from 'pg';
import { GatheringSocket } from './gathering-socket.js';

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** How long a read may wait for a free connection, or for a new one to be made. */
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Every value stays PostgreSQL's own text: nothing is parsed, so nothing is lost. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** What the texts of values depend on, so that no server setting can change an answer, and what keeps a session harmless. */
const SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO,MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  default_transaction_read_only: 'on',
  idle_in_transaction_session_timeout: '30000',
};

/** By then a server that can be reached has ended the statement itself: the network is silent, or the server frozen. */
const SILENCE_MS = 1000;

export function poolConfig({ url, poolSize, connectTimeoutMs, statementTimeoutMs }: DatabaseOptions): PoolConfig {
  const settings = { ...SETTINGS, statement_timeout: String(statementTimeoutMs) };
  return {
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: 'freshet-read-api',
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: AS_TEXT,
    // Statements go out without waiting for the answers to those before them: round trips are most of what a small read costs.
    pipeline: true,
    stream: () => new GatheringSocket(),
  };
}
