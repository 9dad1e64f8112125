import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { postgresAccount } from './account.js';
import { CHANGES_TOPIC, changesFlow, registerConnector } from './connector.js';
import { connectPart } from './connect.js';
import { downloadJavaParts, javaParts, javaPartsHome, type JavaParts } from './java-parts.js';
import { kafkaPart } from './kafka.js';
import { PART_NAMES, type Part, type PartName } from './part.js';
import { portsOf, type Place, type Ports } from './place.js';
import { postgresPart, postgresUrl } from './postgres.js';
import { findPrograms, type Programs } from './programs.js';
import { redisPart } from './redis.js';
import { applySql, createDatabase } from './sql.js';
import { Supervisor } from './supervisor.js';

const DATABASE = 'freshet';
const HOST = '127.0.0.1';

export interface StackOptions extends Place {
  /** Told about each step; silent by default. */
  readonly log?: (line: string) => void;
  /** Fills the database once the tables are there and before the connector reads the log, so that the first rows are no news. */
  readonly seed?: (ownerUrl: string) => Promise<void>;
}

/** Brings up whatever does not run yet of the stack at this place, with schema and connector. Safe to repeat. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { portsFrom, log = () => undefined, seed } = options;
  const place = { dir: resolve(options.dir), portsFrom };
  const javaHome = await javaPartsHome();
  const programs = findPrograms({ maven: !existsSync(javaHome) });
  if (!existsSync(javaHome) && programs.maven !== undefined) {
    log('downloading Kafka, Kafka Connect and Debezium (60 MB, once per machine) …');
    await downloadJavaParts(javaHome, programs.maven);
  }
  const supervisor = new Supervisor(place.dir);
  await claim(place, supervisor);
  const stack = new Stack(place, programs, partsOf(place, programs, javaParts(javaHome)), supervisor);
  await stack.portsAreFree();
  const launches = await Promise.allSettled(
    PART_NAMES.map(async (name) => {
      const began = Date.now();
      const started = await stack.start(name);
      if (started) log(`${name} is up after ${((Date.now() - began) / 1000).toFixed(1)} s`);
      if (name !== 'postgres') return;
      await stack.applySql();
      await seed?.(stack.ownerUrl);
    }),
  );
  const failed = launches.find((launch) => launch.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  await stack.registerConnector();
  await stack.changesFlow();
  log('changes flow from PostgreSQL to Kafka');
  return stack;
}

/** The process ids of what runs in the folder. */
export function stackStatus(dir: string): Partial<Record<PartName, number>> {
  const supervisor = new Supervisor(resolve(dir));
  const running = PART_NAMES.flatMap((name) => {
    const pid = supervisor.pid(name);
    return pid === undefined ? [] : [[name, pid] as const];
  });
  return Object.fromEntries(running);
}

/** Ends what runs in the folder and keeps its data. Returns what was ended. */
export async function stopStack(dir: string): Promise<readonly PartName[]> {
  const running = Object.keys(stackStatus(dir)) as PartName[];
  const supervisor = new Supervisor(resolve(dir));
  // Connect first: it would only complain about the others. The rest know nothing of each other.
  await supervisor.stop('connect');
  await Promise.all(PART_NAMES.map((name) => supervisor.stop(name)));
  return running;
}

/** A stack that runs: where its servers are, and a hand on each of them. */
export class Stack {
  readonly dir: string;
  readonly ports: Ports;
  /** The folder of `psql` and its like, of the server's own version. */
  readonly postgresBin: string;
  /** As the read API connects: the `reader` account. */
  readonly databaseUrl: string;
  /** As a writer or an operator connects: the superuser. */
  readonly ownerUrl: string;
  readonly redisUrl: string;
  readonly redis: { readonly host: string; readonly port: number };
  readonly kafkaBroker: string;
  readonly connectUrl: string;
  readonly topic = CHANGES_TOPIC;

  constructor(
    { dir, portsFrom }: Place,
    { postgresBin }: Programs,
    private readonly parts: Readonly<Record<PartName, Part>>,
    private readonly supervisor: Supervisor,
  ) {
    this.dir = dir;
    this.ports = portsOf(portsFrom);
    this.postgresBin = postgresBin;
    this.databaseUrl = postgresUrl(this.ports.postgres, 'reader', DATABASE);
    this.ownerUrl = postgresUrl(this.ports.postgres, 'postgres', DATABASE);
    this.redis = { host: HOST, port: this.ports.redis };
    this.redisUrl = `redis://${HOST}:${this.ports.redis}`;
    this.kafkaBroker = `${HOST}:${this.ports.kafka}`;
    this.connectUrl = `http://${HOST}:${this.ports.connect}`;
  }

  pid(part: PartName): number | undefined {
    return this.supervisor.pid(part);
  }

  /** Starts the part unless it runs, and waits until it answers. Returns whether it had to be started. */
  start(part: PartName): Promise<boolean> {
    return this.supervisor.start(this.parts[part]);
  }

  /** @throws naming a port that a stranger has, before anything is started. */
  async portsAreFree(): Promise<void> {
    for (const part of Object.values(this.parts)) await this.supervisor.portIsFree(part);
  }

  /** Asks the part to end; kills it when it does not. */
  stopPart(part: PartName): Promise<void> {
    return this.supervisor.stop(part);
  }

  async restart(part: PartName): Promise<void> {
    await this.stopPart(part);
    await this.start(part);
  }

  /** SIGKILL to the part and all its processes; returns when they are gone. `start` brings it back. */
  kill(part: PartName): Promise<void> {
    return this.supervisor.kill(part);
  }

  /** SIGSTOP: the part keeps its connections and answers nothing. */
  pause(part: PartName): void {
    this.supervisor.signal(part, 'SIGSTOP');
  }

  resume(part: PartName): void {
    this.supervisor.signal(part, 'SIGCONT');
  }

  /** Makes the database unless it exists, and runs the scripts of infra/postgres in it. */
  async applySql(): Promise<void> {
    await createDatabase(postgresUrl(this.ports.postgres, 'postgres', 'postgres'), DATABASE);
    await applySql(this.ownerUrl);
  }

  /** Registers the connector, or tells a failed one to try again, and waits until it runs. */
  registerConnector(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const values = {
      DATABASE_HOST: HOST,
      DATABASE_PORT: String(this.ports.postgres),
      DATABASE_NAME: DATABASE,
      CDC_USER: 'cdc',
      CDC_PASSWORD: '',
    };
    return registerConnector(this.connectUrl, values, more);
  }

  /** Resolves when the topic has grown since the call: the connector streams. */
  changesFlow(): Promise<void> {
    return changesFlow(this.kafkaBroker);
  }

  async stop(): Promise<void> {
    await stopStack(this.dir);
  }

  /** Ends the stack at once and removes its folder: for the throwaway stacks of tests. */
  async discard(): Promise<void> {
    await Promise.all(PART_NAMES.map((name) => this.kill(name)));
    const homes = Object.values(this.parts).map((part) => part.home);
    await Promise.all([...homes, this.dir].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

function partsOf({ dir, portsFrom }: Place, programs: Programs, parts: JavaParts): Record<PartName, Part> {
  const ports = portsOf(portsFrom);
  const { postgresBin: bin, redisServer: program, java } = programs;
  return {
    postgres: postgresPart({ dir, port: ports.postgres, bin, account: postgresAccount() }),
    redis: redisPart({ dir, port: ports.redis, program }),
    kafka: kafkaPart({ dir, port: ports.kafka, controllerPort: ports.kafkaController, java, parts }),
    connect: connectPart({ dir, port: ports.connect, broker: `${HOST}:${ports.kafka}`, java, parts }),
  };
}

/** A folder belongs to one range of ports: Kafka and Connect remember their addresses in their data. */
async function claim({ dir, portsFrom }: Place, supervisor: Supervisor): Promise<void> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'ports-from');
  const before = Number(await readFile(file, 'utf8').catch(() => portsFrom));
  if (before !== portsFrom && PART_NAMES.some((name) => supervisor.pid(name) !== undefined)) {
    throw new Error(
      `the stack in ${dir} runs on the ports from ${before}; stop it first, or set FRESHET_STACK_PORTS_FROM`,
    );
  }
  await writeFile(file, String(portsFrom));
}
