export { parseEnvironment, type Environment, type EnvironmentResult, type Section } from './environment.js';
export { Health, type Check, type Readiness } from './health.js';
export { fastifyLogging, nestLogger, requestId } from './http-logging.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { createMetrics } from './metrics.js';
export { HEALTH, METRICS, OperationsController } from './operations.controller.js';
export { redisSection, type RedisConfig, type RedisTopology } from './redis-section.js';
export {
  adminSection,
  cacheSection,
  databaseSection,
  DEVELOPMENT_SECRET_KEY,
  serviceSection,
  tokenSection,
} from './sections.js';
export { shutdownOnSignal, type Shutdown, type Signals } from './shutdown.js';
export {
  addresses,
  flag,
  milliseconds,
  oneOf,
  port,
  seconds,
  secret,
  text,
  url,
  whole,
  type Address,
  type Mode,
} from './values.js';
