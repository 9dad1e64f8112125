import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { connectRedis, type ConnectOptions, type RedisAccess } from '../connect.js';
import { mastersOf } from '../masters.js';
import { type ScriptedRedis, type StoreConnection } from '../scripts.js';
import { freePort, PrivateRedis } from './private-redis.js';

const run = promisify(execFile);

/** A Redis Cluster of a test's own. */
export class PrivateCluster {
  private readonly connections: StoreConnection[] = [];

  private constructor(readonly servers: readonly PrivateRedis[]) {}

  /** Three masters, and as many replicas of each as are asked for. */
  static async start(replicas = 0, ...options: string[]): Promise<PrivateCluster> {
    const servers = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => startNode(options)));
    const cluster = new PrivateCluster(servers);
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    await cluster.cli('create', ...addresses, '--cluster-replicas', String(replicas));
    await cluster.everyNodeServes();
    return cluster;
  }

  /** `redis-cli --cluster`, which waits until every node knows. */
  async cli(command: string, ...args: string[]): Promise<void> {
    await run('redis-cli', ['--cluster', command, ...args, '--cluster-yes']);
  }

  /** A node that has just learnt who owns what calls the cluster down for a moment more. */
  private async everyNodeServes(): Promise<void> {
    for (const node of await this.direct()) while (!(await node.cluster('INFO')).includes('cluster_state:ok'));
  }

  /** Another node, which owns nothing yet. */
  static async spare(...options: string[]): Promise<PrivateRedis> {
    return startNode(options);
  }

  get access(): RedisAccess {
    const [first] = this.servers;
    if (first === undefined) throw new TypeError('a cluster without servers');
    const nodes = this.servers.map(({ port }) => ({ host: '127.0.0.1', port }));
    return { ...first.access, topology: { kind: 'cluster', nodes } };
  }

  async connect(options: ConnectOptions = {}): Promise<StoreConnection> {
    const redis = connectRedis(this.access, options);
    this.connections.push(redis);
    await once(redis, 'ready');
    // One node is enough for that; a command to another that is still being connected to would fail.
    await Promise.all(mastersOf(redis).map((master) => master.ping()));
    return redis;
  }

  /** To each server by itself. */
  direct(): Promise<ScriptedRedis[]> {
    return Promise.all(this.servers.map((server) => server.connect()));
  }

  async stop(): Promise<void> {
    for (const redis of this.connections) redis.disconnect();
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

async function startNode(options: readonly string[]): Promise<PrivateRedis> {
  const bus = String(await freePort());
  return PrivateRedis.start('--cluster-enabled', 'yes', '--cluster-port', bus, ...options);
}
