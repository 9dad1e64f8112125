import { Agent, type IncomingMessage, request } from 'node:http';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { controlKeys, tableName } from '@freshet/cache-keys';
import { DEVELOPMENT_SECRET_KEY } from '@freshet/service-kit';
import { loadWithBar } from '../demo-data/progress-bar.js';
import { Service } from '../e2e/services.js';
import { watermarkPassed } from '../e2e/watermark.js';
import { placeFrom } from '../stack/place.js';
import { startStack, stackStatus, type Stack } from '../stack/stack.js';
import { until } from '../stack/until.js';
import { tokenForSomeone } from '../start/demo-token.js';
import { buildServices, DEVELOPMENT_REDIS_DB } from '../start/services.js';
import { NotAnswered } from './answered.js';
import { BENCH_TABLE_SQL } from './bench-rows.js';
import { type BenchOptions } from './suite.js';

const DIR = '.stack-bench';
const PORTS_FROM = '24432';
const USUAL_INVOICES = 424;
const SEED = 1;
const FACTS_PATIENCE_MS = 60_000;

export interface SceneOptions extends Pick<BenchOptions, 'invoices' | 'keep' | 'log'> {
  /** The processes of the read API, each by what its environment has besides; one unless said. */
  readonly readApis?: readonly NodeJS.ProcessEnv[];
}

/** Suites take entries away behind the service's back, so that copies in the process would be answers of the past. */
export const WITHOUT_COPIES: NodeJS.ProcessEnv = { NEAR_CACHE_BYTES: '0' };

interface Services {
  readonly readApis: readonly Service[];
  readonly invalidator: Service;
}

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  /** What follows the cache's name in `Cache-Status`. */
  readonly cache: string;
}

/** The whole stack under load of our own: real servers, both services as they ship, demo data, and a table of our own to change. */
export class Scene {
  readonly readApis: readonly Service[];
  readonly invalidator: Service;
  readonly writer: Client;
  readonly redis: Redis;
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    readonly stack: Stack,
    services: Services,
    { writer, redis }: { readonly writer: Client; readonly redis: Redis },
    readonly authorization: string,
    private readonly stopsStack: boolean,
  ) {
    this.readApis = services.readApis;
    this.invalidator = services.invalidator;
    this.writer = writer;
    this.redis = redis;
  }

  static async begin({ invoices, keep, log, readApis = [WITHOUT_COPIES] }: SceneOptions): Promise<Scene> {
    const dir = invoices === USUAL_INVOICES ? DIR : `${DIR}-${invoices}`;
    const place = placeFrom({ FRESHET_STACK_DIR: dir, FRESHET_STACK_PORTS_FROM: PORTS_FROM, ...process.env });
    const ran = Object.keys(stackStatus(place.dir)).length > 0;
    const seed = (ownerUrl: string): Promise<void> => loadWithBar(ownerUrl, { invoices, seed: SEED }, log);
    const [stack] = await Promise.all([startStack({ ...place, log, seed }), buildServices()]);
    const writer = await connect(stack.ownerUrl);
    const redis = new Redis({ ...stack.redis, db: DEVELOPMENT_REDIS_DB });
    const authorization = `Bearer ${await tokenForSomeone(stack.ownerUrl, DEVELOPMENT_SECRET_KEY)}`;
    const scene = new Scene(stack, servicesOf(stack, readApis), { writer, redis }, authorization, !ran && !keep);
    try {
      await scene.startServices();
      log('both services run');
      return scene;
    } catch (error) {
      await scene.end();
      throw error;
    }
  }

  /** On an empty store, so that nothing of an earlier run is measured. */
  private async startServices(): Promise<void> {
    // A suite that breaks must not leave services behind for the next one to measure.
    process.once('exit', () => [this.invalidator, ...this.readApis].forEach((service) => service.signal('SIGKILL')));
    await this.writer.query(BENCH_TABLE_SQL);
    await this.redis.flushdb();
    await Promise.all([this.invalidator, ...this.readApis].map(startOne));
    await this.applied();
    // The table made above is a schema change, after which the facts are gone until somebody reads: without them every slice that follows
    // would abandon the cache, and that is what would be measured.
    await until('the facts of the bench table', FACTS_PATIENCE_MS, async () => {
      await this.get('/api/businesses/');
      return (await this.redis.hexists(controlKeys.facts, tableName('public', 'bench_row'))) === 1;
    });
  }

  get readApi(): Service {
    const [first] = this.readApis;
    if (first === undefined) throw new Error('no read API was asked for');
    return first;
  }

  async end(): Promise<void> {
    await Promise.all([this.invalidator, ...this.readApis].map((service) => service.stop()));
    await this.writer.end();
    this.redis.disconnect();
    this.agent.destroy();
    if (this.stopsStack) await this.stack.stop();
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
    from: { readonly url: string } = this.readApi,
  ): Promise<Reply> {
    const response = await this.send(from.url + path, { authorization: this.authorization, ...headers });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const cache = String(response.headers['cache-status'] ?? '').replace(/^Freshet; /, '');
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks), cache };
  }

  /** Over a connection that stays, by a client that costs little beside what it measures. */
  private send(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers, agent: this.agent }, resolve).once(
        'error',
        (error: NodeJS.ErrnoException) => {
          // The service lets idle connections go, and may do so just when one is used again: whoever sends then sends once more.
          if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(this.send(url, headers));
          else reject(error);
        },
      );
      sent.end();
    });
  }

  /** Reads until the answer comes from the store. */
  async warm(path: string, from = this.readApi): Promise<Reply> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const reply = await this.get(path, {}, from);
      if (reply.status !== 200) throw new NotAnswered(`${path} answers ${reply.status}: ${reply.body.toString()}`);
      if (reply.cache.startsWith('hit')) return reply;
    }
    throw new Error(`${path} is not kept: ${(await this.get(path, {}, from)).cache}`);
  }

  /** Resolves when everything committed before the call is applied. */
  async applied(): Promise<void> {
    await watermarkPassed(this.redis, this.writer);
  }

  connect(): Promise<Client> {
    return connect(this.stack.ownerUrl);
  }

  /** Begins a scene, plays it, and clears up whatever came of it. */
  static async play<T>(options: SceneOptions, act: (scene: Scene) => Promise<T>): Promise<T> {
    const scene = await Scene.begin(options);
    try {
      return await act(scene);
    } finally {
      await scene.end();
    }
  }
}

async function startOne(service: Service): Promise<void> {
  await service.start();
  if (!service.running)
    throw new Error(`the service of ${service.url} ended at its start; its log is in the stack's folder`);
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

function servicesOf(stack: Stack, readApis: readonly NodeJS.ProcessEnv[]): Services {
  const { readApi, invalidator } = stack.ports;
  return {
    readApis: readApis.map((env, i) => new Service(stack, 'read-api', { port: portAt(readApi, i), env })),
    invalidator: new Service(stack, 'invalidator', { port: invalidator }),
  };
}

/** Further processes stand behind the stack's own range of ports. */
function portAt(first: number, index: number): number {
  return index === 0 ? first : first + 10 + index;
}
