import calculateSlot from 'cluster-key-slot';
import { type Cluster, type Redis } from 'ioredis';
import { controlKeys } from '@freshet/cache-keys';
import { isCluster } from './masters.js';
import { type Runs, ServerRun } from './server-run.js';

/** A connection to one master. It never connects again: whoever it leads to, it is one run of one server. */
export interface Node {
  readonly redis: Redis;
  readonly server: ServerRun;
}

/** Who answers for which key, and which runs of which servers that is. */
export class ClusterNodes implements Runs {
  private readonly nodes = new Map<string, Node>();
  /** Masters that own no slot yet, but have keys on their way to them. */
  private readonly visited = new Map<string, Node>();
  private met = new Set<string>();

  constructor(private readonly cluster: Cluster) {
    for (const redis of cluster.nodes()) this.join(redis);
    cluster.on('+node', (redis: Redis) => this.join(redis));
    cluster.on('-node', (redis: Redis) => this.leave(redis));
    cluster.on('end', () => this.visited.forEach(({ redis }) => redis.disconnect()));
  }

  /** The master of a key as far as is known; it says so itself when it is not. */
  of(key: string): Node {
    const slot = calculateSlot((this.cluster.options.keyPrefix ?? '') + key);
    const node = this.nodes.get(this.cluster.slots[slot]?.[0] ?? '');
    if (node !== undefined) return node;
    this.refresh();
    throw new Error(`no connection to the master of ${key}`);
  }

  /** The server at an address that another one named; without a host it is that one's. */
  at(address: string, named: Node): Node {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
    const place = { host: host === '' ? (named.redis.options.host ?? '') : host, port: Number(port) };
    const full = `${place.host}:${place.port}`;
    const known = this.nodes.get(full) ?? this.visited.get(full);
    if (known !== undefined) return known;
    const redis = named.redis.duplicate({
      ...place,
      lazyConnect: false,
      enableOfflineQueue: true,
      retryStrategy: null,
    });
    const node = { redis, server: new ServerRun(redis) };
    redis.on('error', () => undefined);
    redis.once('end', () => this.visited.delete(full));
    this.visited.set(full, node);
    return node;
  }

  /** Somebody has said that a slot is elsewhere by now. */
  refresh(): void {
    this.cluster.refreshSlotsCache();
  }

  /** Waits for what other servers say about who owns what. */
  refreshed(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.cluster.refreshSlotsCache((error) => (error == null ? resolve() : reject(error))),
    );
  }

  /** The run that a node is; from now on it counts among those that were met. */
  async meet({ server }: Node): Promise<string> {
    const run = server.id ?? (await server.ask());
    this.met.add(run);
    return run;
  }

  /** Every master that is known, and every run that was met since it was last told to forget. @throws UnfitRedis */
  async ask(): Promise<string> {
    const masters = [...this.masters, ...this.visited.values()];
    const runs = await Promise.all(masters.map(({ server }) => server.ask()));
    return [...new Set([...runs, ...this.met])].sort().join();
  }

  forget(): void {
    this.met = new Set();
  }

  get masters(): readonly Node[] {
    return this.cluster.nodes('master').flatMap((redis) => this.nodes.get(addressOf(redis)) ?? []);
  }

  private join(redis: Redis): void {
    this.nodes.set(addressOf(redis), { redis, server: new ServerRun(redis) });
  }

  private leave(redis: Redis): void {
    const address = addressOf(redis);
    if (this.nodes.get(address)?.redis === redis) this.nodes.delete(address);
  }
}

/** Where news is told. */
export function newsServerOf(redis: Redis | Cluster): Redis {
  return isCluster(redis) ? new ClusterNodes(redis).of(controlKeys.news).redis : redis;
}

function addressOf({ options }: Redis): string {
  return `${options.host}:${options.port}`;
}
