import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Texts that no line may contain, wherever they come from: passwords, keys, tokens. */
  readonly secrets?: readonly (string | undefined)[];
  readonly destination?: DestinationStream;
}

/** Fields that hold secrets by their name. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'token', 'secret', 'adminToken', 'secretKey'];
const REDACTED = '[redacted]';
/** Shorter texts are no secrets worth the name, and replacing them would spoil every line. */
const SHORTEST_SECRET = 6;
const URL_PASSWORD = /(\b[a-z][a-z+]*:\/\/[^\s:/@"]*:)[^\s@"/]+@/gi;

/** JSON lines. Errors under `err`; secrets are cut out by field name, by value and from URLs. */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level, secrets = [], destination } = options;
  const settings = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: REDACTED },
    hooks: { streamWrite: withoutSecrets(secrets) },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/** The last gate: an error message of a driver may quote a connection string. */
function withoutSecrets(secrets: readonly (string | undefined)[]): (line: string) => string {
  const texts = secrets
    .filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    const clean = texts.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), line);
    return clean.includes('://') ? clean.replace(URL_PASSWORD, `$1${REDACTED}@`) : clean;
  };
}
