import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { connectorSettings } from './connector.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string; readonly target: string; readonly args?: { readonly APP: string } };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart: string;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const pom = readFileSync('tools/stack/pom.xml', 'utf8');
const dockerfile = readFileSync('infra/docker/Dockerfile', 'utf8');
const services = Object.entries(compose.services);
const lasting = services.filter(([, { restart }]) => restart !== 'no');

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

test('every part of the stack is there, and one job that ends', () => {
  expect(lasting.map(([name]) => name)).toEqual(['postgres', 'redis', 'kafka', 'connect', 'read-api', 'invalidator']);
  expect(services.filter(([, { restart }]) => restart === 'no').map(([name]) => name)).toEqual(['setup']);
});

test.each(services.filter(([, { build }]) => build === undefined))(
  'the image of %s is pinned to a full version',
  (_, { image }) => {
    expect(image).toMatch(/:\d+\.\d+(\.\d+)?\S*$/);
  },
);

test('Kafka and Debezium are the versions of the native stack', () => {
  expect(pom).toContain(`<kafka.version>${service('kafka').image.split(':')[1]}<`);
  expect(pom).toContain(`<debezium.version>${service('connect').image.split(':')[1]}<`);
});

test.each(lasting)('%s says when it is healthy', (_, { healthcheck }) => {
  expect(healthcheck?.test.length).toBeGreaterThan(1);
});

test('nothing starts before what it needs is healthy, or done', () => {
  for (const [, { depends_on: needs = {} }] of services) {
    for (const [name, { condition }] of Object.entries(needs)) {
      expect(condition).toBe(service(name).restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
    }
  }
  expect(Object.keys(service('read-api').depends_on ?? {})).toEqual(['setup', 'postgres', 'redis']);
  expect(Object.keys(service('invalidator').depends_on ?? {})).toEqual(['setup', 'kafka', 'redis']);
});

test('data is kept in named volumes', () => {
  const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
  expect(used.sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('no port is open beyond this machine', () => {
  for (const port of services.flatMap(([, { ports = [] }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('the log carries what logical decoding needs, and Redis never evicts the index', () => {
  expect(service('postgres').command).toContain('wal_level=logical');
  expect(service('redis').command?.join(' ')).toContain('--maxmemory-policy volatile-lru');
});

test('the reader does not know Kafka, the invalidator does not know the database', () => {
  expect(Object.keys(service('read-api').environment ?? {}).filter((name) => name.startsWith('KAFKA'))).toEqual([]);
  expect(Object.keys(service('invalidator').environment ?? {}).filter((name) => name.startsWith('DATABASE'))).toEqual(
    [],
  );
});

test('the invalidator reads the topic that the connector writes', async () => {
  const { environment } = service('setup');
  const settings = await connectorSettings(environment as unknown as Parameters<typeof connectorSettings>[0]);
  expect(service('invalidator').environment?.['KAFKA_TOPIC']).toBe(settings['transforms.route.replacement']);
});

test.each(services.filter(([, { build }]) => build !== undefined))(
  'the Dockerfile has the stage that %s is built from',
  (_, { build }) => {
    expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${String(build?.target)}$`, 'm'));
  },
);
