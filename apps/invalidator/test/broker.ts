import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Admin, Kafka, logLevel } from 'kafkajs';

const run = promisify(execFile);
const POM = 'tools/stack/pom.xml';
const HOST = '127.0.0.1';
const JAVA = 'java';
const MAVEN = 'mvn';
const READY_LINE = 'Kafka Server started';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, HOST, listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Whatever becomes of this process, its children do not outlive it. */
export function endWithUs(child: ChildProcess): void {
  const end = (): unknown => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
}

/** The jars of the stack: the same folder, downloaded at most once a machine. */
async function jars(): Promise<string> {
  const cache = resolve(process.env['FRESHET_CACHE_DIR'] ?? join(homedir(), '.cache/freshet'));
  const digest = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  const home = join(cache, `java-${digest}`);
  if (existsSync(home)) return join(home, 'libs', '*');
  await mkdir(cache, { recursive: true });
  const target = await mkdtemp(join(cache, 'download-'));
  await run(MAVEN, ['-q', '-B', '-f', POM, 'package', `-Dtarget=${target}`]);
  await rename(target, home).catch(() => rm(target, { recursive: true, force: true }));
  return join(home, 'libs', '*');
}

/** One Kafka node of the test's own, in a folder and on ports of its own. */
export class Broker {
  readonly address: string;
  readonly kafka: Kafka;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly dir: string,
    port: number,
    private readonly classPath: string,
  ) {
    this.address = `${HOST}:${port}`;
    this.kafka = new Kafka({ clientId: 'test', brokers: [this.address], logLevel: logLevel.NOTHING });
  }

  static async start(): Promise<Broker> {
    const dir = await mkdtemp(join(tmpdir(), 'freshet-broker-'));
    const port = await freePort();
    const broker = new Broker(dir, port, await jars());
    await writeFile(join(dir, 'log4j2.properties'), LOG_SETTINGS);
    await writeFile(join(dir, 'server.properties'), settings(dir, port, await freePort()));
    const id = randomBytes(16).toString('base64url');
    await run(
      JAVA,
      broker.command('kafka.tools.StorageTool', ['format', '-t', id, '-c', join(dir, 'server.properties')]),
    );
    await broker.up();
    return broker;
  }

  /** Starts the node again where it was; its topics are still there. */
  async up(): Promise<void> {
    const child = spawn(JAVA, this.command('kafka.Kafka', [join(this.dir, 'server.properties')]), {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    endWithUs(child);
    let said = '';
    await new Promise<void>((ready, failed) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-10_000);
        if (said.includes(READY_LINE)) ready();
      });
      child.once('exit', () => failed(new Error(`the broker ended:\n${said}`)));
    });
  }

  async down(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(name);
  }

  async end(): Promise<void> {
    await this.down('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }

  async admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private command(mainClass: string, args: readonly string[]): string[] {
    const log = `-Dlog4j2.configurationFile=${join(this.dir, 'log4j2.properties')}`;
    return ['-Xmx256m', '-XX:+UseSerialGC', '-Xshare:auto', log, '-cp', this.classPath, mainClass, ...args];
  }
}

const LOG_SETTINGS = `rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%m%n
`;

function settings(dir: string, port: number, controllerPort: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${HOST}:${controllerPort}
listeners=PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}
advertised.listeners=PLAINTEXT://${HOST}:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${join(dir, 'data')}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=2097152
`;
}
