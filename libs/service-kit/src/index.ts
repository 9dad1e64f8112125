export { parseEnvironment, type Environment, type Section } from './environment.js';
export { Health } from './health.js';
export { fastifyLogging, nestLogger, requestId } from './http-logging.js';
export { createLogger, type Logger } from './logger.js';
export { createMetrics } from './metrics.js';
export { HEALTH, METRICS, OperationsController } from './operations.controller.js';
export { redisSection, type RedisConfig } from './redis-section.js';
export {
  adminSection,
  cacheSection,
  databaseSection,
  DEVELOPMENT_SECRET_KEY,
  serviceSection,
  tokenSection,
} from './sections.js';
export { shutdownOnSignal } from './shutdown.js';
export { startTracing, traced, type Tracing } from './tracing.js';
export { tracingSection } from './tracing-section.js';
export {
  addresses,
  flag,
  milliseconds,
  oneOf,
  port,
  secret,
  text,
  url,
  whole,
  type Address,
  type Mode,
} from './values.js';
