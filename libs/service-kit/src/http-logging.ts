import { randomUUID } from 'node:crypto';
import { type LoggerService } from '@nestjs/common';
import { type Logger } from './logger.js';

const GOOD_ID = /^[\w.:-]{1,64}$/;

/** The caller's `X-Request-Id` where it is fit to be logged, otherwise a new one. */
export function requestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && GOOD_ID.test(header) ? header : randomUUID();
}

/**
 * For `new FastifyAdapter(…)`: each request gets a child logger with `reqId`. Its level is `warn`, so a request that went well leaves
 * no line. (Fastify's own switch for that is deprecated, and what replaces it must come from the very copy of Fastify that Nest loads.)
 */
export function fastifyLogging(logger: Logger) {
  return {
    loggerInstance: logger,
    childLoggerFactory: (_parent: unknown, bindings: object): Logger => logger.child(bindings, { level: 'warn' }),
    requestIdHeader: false as const,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }): string =>
      requestId(request.headers['x-request-id']),
  };
}

/** Nest's own messages through the same logger; its start-up chatter only at `debug`. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error' | 'fatal' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void =>
      logger[level]({ context: rest.at(-1) }, message instanceof Error ? message.message : String(message));
  return {
    log: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    debug: write('debug'),
    verbose: write('trace'),
  };
}
