import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';

const FOLDER = 'infra/kubernetes';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
}

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly minAvailable?: number;
    readonly template: {
      readonly spec: { readonly terminationGracePeriodSeconds?: number; readonly containers: readonly Container[] };
    };
  };
}

const text = (file: string): string => readFileSync(file, 'utf8');
const kustomization = parse(text(`${FOLDER}/kustomization.yaml`)) as {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string }[];
};
const resources = kustomization.resources.flatMap((file) =>
  parseAllDocuments(text(`${FOLDER}/${file}`), { merge: true }).map((document) => document.toJS() as Resource),
);
const ofKind = (kind: string): Resource[] => resources.filter((resource) => resource.kind === kind);
const compose = parse(text('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, { readonly image: string }>>;
};

function container(name: string): Container {
  const found = ofKind('Deployment').find(({ metadata }) => metadata.name === name)?.spec.template.spec.containers[0];
  if (found === undefined) throw new Error(`no deployment ${name}`);
  return found;
}

/** The plain settings that a service gets. */
function settings(name: string): string[] {
  const maps = container(name).envFrom?.map(({ configMapRef }) => configMapRef?.name) ?? [];
  return ofKind('ConfigMap')
    .filter(({ metadata }) => maps.includes(metadata.name))
    .flatMap(({ data }) => Object.keys(data ?? {}));
}

test('every file of the room is applied', () => {
  expect([...kustomization.resources].sort()).toEqual(
    readdirSync(FOLDER)
      .filter((file) => file !== 'kustomization.yaml')
      .sort(),
  );
});

test.each(['read-api', 'invalidator'])('%s gets no variable that nobody reads', (name) => {
  const own = { 'read-api': 'settings', invalidator: 'environment' }[name];
  const files = ['sections', 'redis-section'].map((file) => `libs/service-kit/src/${file}.ts`);
  const known = [...files, `apps/${name}/src/${own}.ts`].map(text).join('\n');
  for (const variable of settings(name)) expect(known).toContain(`${variable}:`);
});

test('the reader does not know Kafka, the invalidator does not know the database', () => {
  expect(settings('read-api').filter((name) => name.startsWith('KAFKA'))).toEqual([]);
  expect(settings('invalidator').filter((name) => name.startsWith('DATABASE'))).toEqual([]);
});

test('both services meet the same store', () => {
  const mapsOf = (name: string) => container(name).envFrom?.map(({ configMapRef }) => configMapRef?.name);
  expect(mapsOf('read-api')).toContain('freshet-redis');
  expect(mapsOf('invalidator')).toContain('freshet-redis');
});

test.each(['read-api', 'invalidator'])('%s is asked where it answers, and may finish what it has in hand', (name) => {
  const { livenessProbe, readinessProbe, ports } = container(name);
  expect(livenessProbe?.httpGet.path).toBe('/live');
  expect(readinessProbe.httpGet.path).toBe('/ready');
  expect(ports[0]?.containerPort).toBe({ 'read-api': 3000, invalidator: 3001 }[name]);
  const deadline = Number(/DRAIN\w*_MS = ([\d_]+)/.exec(text(`apps/${name}/src/main.ts`))?.[1]?.replace('_', ''));
  const grace = ofKind('Deployment').find(({ metadata }) => metadata.name === name)?.spec.template.spec;
  expect(Number(grace?.terminationGracePeriodSeconds) * 1000).toBeGreaterThan(deadline);
});

test('one instance of each service always stays', () => {
  for (const { metadata, spec } of ofKind('PodDisruptionBudget')) {
    const deployment = ofKind('Deployment').find((resource) => resource.metadata.name === metadata.name);
    expect(deployment?.spec.replicas).toBeGreaterThan(spec.minAvailable ?? 0);
  }
});

test('Debezium is the version that was tested, and both images are replaced by the user’s own', () => {
  expect(container('connect').image).toBe(compose.services['connect']?.image);
  expect(kustomization.images.map(({ name }) => name)).toEqual(['freshet/read-api', 'freshet/invalidator']);
});
