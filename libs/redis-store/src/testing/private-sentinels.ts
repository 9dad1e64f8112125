import { type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type RedisAccess } from '../connect.js';
import { freePort, launch, PrivateRedis } from './private-redis.js';

const NAME = 'freshet';
const HOST = '127.0.0.1';

/** A master, its replica, and three Sentinels that watch them. */
export class PrivateSentinels {
  private constructor(
    readonly master: PrivateRedis,
    readonly replica: PrivateRedis,
    private readonly sentinels: readonly Sentinel[],
  ) {}

  static async start(): Promise<PrivateSentinels> {
    const options = ['--repl-diskless-sync-delay', '0'];
    const master = await PrivateRedis.start(...options);
    const replica = await PrivateRedis.start(...options, '--replicaof', HOST, String(master.port));
    const sentinels = await Promise.all([1, 2, 3].map(() => Sentinel.start(master.port)));
    await Promise.all(sentinels.map((sentinel) => sentinel.knowsAll()));
    return new PrivateSentinels(master, replica, sentinels);
  }

  get access(): RedisAccess & { readonly topology: { readonly kind: 'sentinel' } } {
    const sentinels = this.sentinels.map(({ port }) => ({ host: HOST, port }));
    return { ...this.master.access, topology: { kind: 'sentinel', master: NAME, sentinels } };
  }

  /** Resolves when every Sentinel sends clients to the replica. */
  async switched(): Promise<void> {
    await Promise.all(this.sentinels.map((sentinel) => sentinel.sendsTo(this.replica.port)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, this.replica, this.master].map((server) => server.stop()));
  }
}

class Sentinel {
  private constructor(
    readonly port: number,
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly asking: Redis,
    private readonly hearing: Redis,
  ) {}

  static async start(master: number): Promise<Sentinel> {
    const folder = await mkdtemp(join(tmpdir(), 'freshet-sentinel-'));
    const port = await freePort();
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, settings(port, folder, master).join('\n'));
    const server = await launch([file, '--sentinel'], '+monitor master');
    const [asking, hearing] = [new Redis({ host: HOST, port }), new Redis({ host: HOST, port })];
    await hearing.psubscribe('*');
    return new Sentinel(port, server, folder, asking, hearing);
  }

  /** The replica and the two others, without whom there is no majority. */
  knowsAll(): Promise<void> {
    return this.comesTo((facts) => facts.get('num-slaves') === '1' && facts.get('num-other-sentinels') === '2');
  }

  sendsTo(port: number): Promise<void> {
    return this.comesTo((facts) => facts.get('port') === String(port));
  }

  async stop(): Promise<void> {
    this.asking.disconnect();
    this.hearing.disconnect();
    const gone = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await gone;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A Sentinel tells of everything that it finds: it is asked again after each message. */
  private async comesTo(isSo: (facts: ReadonlyMap<string, string>) => boolean): Promise<void> {
    const messages = on(this.hearing, 'pmessage');
    while (!isSo(await this.facts())) await messages.next();
    await messages.return?.();
  }

  private async facts(): Promise<ReadonlyMap<string, string>> {
    const flat = (await this.asking.call('SENTINEL', 'MASTER', NAME)) as string[];
    return new Map(flat.flatMap((field, i) => (i % 2 === 0 ? [[field, flat[i + 1] ?? '']] : [])));
  }
}

/** The longest that a master may be silent, and that an attempt to replace it may take, are short. */
function settings(port: number, folder: string, master: number): string[] {
  return [
    `port ${port}`,
    `bind ${HOST}`,
    `dir ${folder}`,
    `sentinel monitor ${NAME} ${HOST} ${master} 2`,
    `sentinel down-after-milliseconds ${NAME} 1000`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
}
