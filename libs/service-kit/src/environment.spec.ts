import { parseEnvironment } from './environment.js';
import { redisSection } from './redis-section.js';
import {
  adminSection,
  cacheSection,
  databaseSection,
  DEVELOPMENT_SECRET_KEY,
  serviceSection,
  tokenSection,
} from './sections.js';

const everything = {
  service: serviceSection(3001),
  admin: adminSection,
  tokens: tokenSection,
  database: databaseSection,
  cache: cacheSection,
  redis: redisSection,
};

function parsed(variables: Record<string, string | undefined>) {
  const result = parseEnvironment(everything, variables);
  if (!result.ok) throw new Error(result.lines.join('\n'));
  return result.environment;
}

function complaints(variables: Record<string, string | undefined>): readonly string[] {
  const result = parseEnvironment(everything, variables);
  return result.ok ? [] : result.lines;
}

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://reader@db/billing',
  DJANGO_SECRET_KEY: 'k',
  ADMIN_TOKEN: 't',
};

describe('parseEnvironment', () => {
  test('an empty environment is a development one with working defaults', () => {
    expect(parsed({})).toMatchObject({
      mode: 'development',
      service: { port: 3001, host: '127.0.0.1', logLevel: 'info' },
      tokens: { secretKey: DEVELOPMENT_SECRET_KEY },
      cache: {
        enabled: true,
        defaultTtlSeconds: 900,
        refreshOnChange: false,
        maxStalenessMs: 10_000,
        onStale: 'bypass',
      },
      redis: { topology: { kind: 'single', host: 'localhost', port: 6379 }, db: 1, timeoutMs: 3000 },
    });
  });

  test('a test runner gets the defaults of development', () => {
    expect(parsed({ NODE_ENV: 'test' }).mode).toBe('development');
  });

  test('production has its own Redis host and database', () => {
    expect(parsed(production).redis).toMatchObject({
      topology: { kind: 'single', host: 'redis', port: 6379 },
      db: 2,
    });
  });

  test('production names every missing variable, one line each', () => {
    const lines = complaints({ NODE_ENV: 'production' });
    expect(lines.map((line) => line.split(':')[0])).toEqual(['ADMIN_TOKEN', 'DJANGO_SECRET_KEY', 'DATABASE_URL']);
  });

  test('an empty variable counts as unset', () => {
    expect(parsed({ PORT: '', REDIS_URL: '' }).service.port).toBe(3001);
    expect(complaints({ ...production, ADMIN_TOKEN: '' })).toEqual([
      'ADMIN_TOKEN: is required: the token of the admin API',
    ]);
  });

  test('every wrong variable is named with what was expected', () => {
    expect(complaints({ PORT: '70000', CACHE_ENABLED: 'maybe', CACHE_DEFAULT_TTL: '900', ON_STALE: 'panic' })).toEqual([
      'PORT: expected a port between 1 and 65535, got "70000"',
      'CACHE_ENABLED: expected true or false, got "maybe"',
      'CACHE_DEFAULT_TTL: expected a duration such as 15m, 10s or 250ms, got "900"',
      'ON_STALE: expected bypass or serve or fail, got "panic"',
    ]);
  });

  test('an unknown NODE_ENV stops at once, as every default hangs on it', () => {
    expect(complaints({ NODE_ENV: 'staging', PORT: 'x' })).toEqual([
      'NODE_ENV: expected development or production, got "staging"',
    ]);
  });

  test('a password in a wrong place is not repeated', () => {
    const lines = complaints({
      DATABASE_URL: 'mysql://u:hunter2@h/d',
      REDIS_URL: 'http://u:hunter2@h',
      REDIS_SENTINELS: 'redis://u:hunter2@h',
    });
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain('hunter2');
  });

  test('the environment cannot be changed afterwards', () => {
    const environment = parsed({ REDIS_SENTINELS: 'a,b' });
    expect(Object.isFrozen(environment)).toBe(true);
    expect(Object.isFrozen(environment.redis.topology)).toBe(true);
  });

  test.each([
    ['15m', 900],
    ['2h', 7200],
    ['1d', 86_400],
    ['1.5s', 1.5],
    ['250ms', 0.25],
  ])('the duration %s is %d seconds', (text, seconds) => {
    expect(parsed({ CACHE_DEFAULT_TTL: text }).cache.defaultTtlSeconds).toBe(seconds);
  });

  test('a token that nobody chose is generated anew and said to be so', () => {
    const [one, two] = [parsed({}).admin, parsed({}).admin];
    expect(one.generated).toBe(true);
    expect(one.token).not.toBe(two.token);
    expect(parsed({ ADMIN_TOKEN: 'mine' }).admin).toEqual({ token: 'mine', generated: false });
  });
});

describe('redisSection', () => {
  test('a URL says host, port, database, user, password and TLS', () => {
    expect(parsed({ REDIS_URL: 'rediss://app:p%40ss@cache.example:6380/5' }).redis).toEqual({
      topology: { kind: 'single', host: 'cache.example', port: 6380 },
      db: 5,
      username: 'app',
      password: 'p@ss',
      sentinelPassword: undefined,
      tls: { caFile: undefined },
      timeoutMs: 3000,
    });
  });

  test('what a URL leaves out comes from the single variables', () => {
    expect(parsed({ REDIS_URL: 'redis://[::1]', REDIS_PASSWORD: 'x', REDIS_DB: '7' }).redis).toMatchObject({
      topology: { kind: 'single', host: '::1', port: 6379 },
      db: 7,
      password: 'x',
    });
  });

  test('sentinels are hosts with the port of sentinels by default', () => {
    expect(parsed({ REDIS_SENTINELS: 's1, s2:5000', REDIS_SENTINEL_MASTER: 'main' }).redis.topology).toEqual({
      kind: 'sentinel',
      master: 'main',
      sentinels: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 5000 },
      ],
    });
  });

  test('a cluster has database 0 and no other', () => {
    expect(parsed({ REDIS_CLUSTER_NODES: 'a:1,b:2' }).redis).toMatchObject({ db: 0, topology: { kind: 'cluster' } });
    expect(complaints({ REDIS_CLUSTER_NODES: 'a:1', REDIS_DB: '3' })).toEqual([
      'REDIS_DB: expected 0 or nothing, as a cluster has no other',
    ]);
  });

  test('two ways of saying where Redis is contradict each other', () => {
    expect(complaints({ REDIS_URL: 'redis://a', REDIS_SENTINELS: 'b' })).toEqual([
      'REDIS_SENTINELS: cannot be combined with REDIS_URL: say in one way where Redis is',
    ]);
  });
});
