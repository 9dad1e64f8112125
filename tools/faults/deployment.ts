import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Service, type ServiceName } from '../e2e/services.js';
import { PART_NAMES, type PartName } from '../stack/part.js';
import type { Stack } from '../stack/stack.js';
import { until } from '../stack/until.js';
import { buildServices } from '../start/services.js';
import { Link } from './link.js';
import { clockFlags, ServiceClock } from './service-clock.js';

const RESTART_AFTER_MS = 200;
const READY_MS = 120_000;
/** So far above the port of the invalidator. */
const SUBSTITUTE = 20;

/** What node runs in place of a service, and variables on top. */
export type DeploymentOptions = Partial<
  Record<ServiceName, { readonly program?: readonly string[]; readonly env?: NodeJS.ProcessEnv }>
>;

export type LinkName = keyof Awaited<ReturnType<typeof linksTo>>;
type Links = Readonly<Record<LinkName, Link>>;

/** Both services and the connector beside a stack, each behind links that can go wrong, and started again whenever they end. */
export class Deployment {
  private readonly kept: readonly Kept[];

  private constructor(
    readonly stack: Stack,
    readonly links: Links,
    readonly services: Readonly<Record<ServiceName, Service>>,
    readonly clocks: Readonly<Record<ServiceName, ServiceClock>>,
    /** An invalidator that does not run, for a while of another one's absence. */
    readonly substitute: Service,
  ) {
    this.kept = Object.values(services).map((service) => new Kept(service));
  }

  static async begin(stack: Stack, options: DeploymentOptions): Promise<Deployment> {
    await buildServices();
    const links = await linksTo(stack);
    const env = environments(stack, links);
    const service = async (name: ServiceName, port: number): Promise<Service> => {
      const { program = [await ownCopy(name, port)], env: more } = options[name] ?? {};
      const clockFile = { FRESHET_CLOCK_FILE: clockFileOf(stack, name) };
      return new Service(stack, name, {
        port,
        env: { ...env[name], ...clockFile, ...more },
        program: [...clockFlags, ...program],
      });
    };
    const services = {
      'read-api': await service('read-api', stack.ports.readApi),
      invalidator: await service('invalidator', stack.ports.invalidator),
    };
    const clock = (name: ServiceName): Promise<ServiceClock> =>
      ServiceClock.in(clockFileOf(stack, name), () => services[name].signal('SIGUSR2'));
    const clocks = { 'read-api': await clock('read-api'), invalidator: await clock('invalidator') };
    const substitute = await service('invalidator', stack.ports.invalidator + SUBSTITUTE);
    const deployment = new Deployment(stack, links, services, clocks, substitute);
    try {
      await deployment.settle();
    } catch (error) {
      await deployment.end();
      throw error;
    }
    return deployment;
  }

  /** Whatever was broken is mended, and both services are ready. */
  async settle(): Promise<void> {
    await this.mend();
    await Promise.all(Object.values(this.services).map(ready));
  }

  /** Every part runs, every link is whole, and the connector streams. */
  private async mend(): Promise<void> {
    for (const link of Object.values(this.links)) if (link.state !== 'whole') link.become('whole');
    await Promise.all(PART_NAMES.map((name) => this.bringUp(name)));
    await this.commitsAreVisible();
    await this.stack.registerConnector({
      'database.port': String(this.links['connect-postgres'].port),
      'producer.override.bootstrap.servers': `127.0.0.1:${this.links['connect-kafka'].port}`,
    });
  }

  /** Tries more than once: the lock file of a killed PostgreSQL counts for as long as the dead process is listed. */
  async bringUp(part: PartName): Promise<void> {
    if (this.stack.pid(part) !== undefined) this.stack.resume(part); // whoever froze it may have been cut short
    await until(`${part} to come back`, READY_MS, async () => {
      await this.stack.start(part).catch((cause: unknown) => {
        throw new Error(`${part} does not start`, { cause });
      });
      return true;
    });
  }

  /** Whoever set this may have been cut short before it was taken back; the setting survives a restart. */
  private async commitsAreVisible(): Promise<void> {
    const client = new Client({ connectionString: this.stack.ownerUrl });
    await client.connect();
    await client.query('ALTER SYSTEM RESET synchronous_standby_names');
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  }

  /** Ends the services, and leaves the stack as it was. */
  async end(): Promise<void> {
    await Promise.all([this.substitute.stop('SIGKILL'), ...this.kept.map((kept) => kept.end())]);
    await this.mend()
      .then(() => this.stack.registerConnector())
      .finally(() => Object.values(this.links).forEach((link) => link.close()));
  }
}

async function linksTo({ ports }: Stack) {
  return {
    'reader-redis': await Link.to(ports.redis),
    'reader-postgres': await Link.to(ports.postgres),
    'invalidator-redis': await Link.to(ports.redis),
    'invalidator-kafka': await Link.to(ports.kafka, { announces: true }),
    'connect-kafka': await Link.to(ports.kafka, { announces: true }),
    'connect-postgres': await Link.to(ports.postgres),
  };
}

function environments(stack: Stack, links: Links): Readonly<Record<ServiceName, NodeJS.ProcessEnv>> {
  const database = new URL(stack.databaseUrl);
  database.port = String(links['reader-postgres'].port);
  return {
    'read-api': {
      DATABASE_URL: database.href,
      REDIS_PORT: String(links['reader-redis'].port),
      // Copies in the process are exact as of what it has heard, and the judge goes by what is applied.
      NEAR_CACHE_BYTES: '0',
    },
    invalidator: {
      REDIS_PORT: String(links['invalidator-redis'].port),
      KAFKA_BROKERS: `127.0.0.1:${links['invalidator-kafka'].port}`,
    },
  };
}

const clockFileOf = (stack: Stack, name: ServiceName): string => join(stack.dir, `${name}-clock`);

/** Waits with patience: a service that waits for others is alive and not ready. */
function ready(service: Service): Promise<unknown> {
  return until(`${service.url} to be ready`, READY_MS, async () => (await fetch(`${service.url}/ready`)).ok);
}

/** Somebody may build the services anew during a long run. */
async function ownCopy(name: ServiceName, port: number): Promise<string> {
  const folder = `dist/faults/${port}/${name}`;
  await mkdir(folder, { recursive: true });
  for (const file of ['main.js', 'main.js.map']) await copyFile(`dist/apps/${name}/${file}`, `${folder}/${file}`);
  return `${folder}/main.js`;
}

/** Starts a service again whenever it ends, as a deployment does. */
class Kept {
  private wanted = true;
  private readonly done: Promise<void>;

  constructor(private readonly service: Service) {
    this.done = this.keep();
  }

  async end(): Promise<void> {
    this.wanted = false;
    this.service.signal('SIGCONT');
    this.service.signal('SIGKILL');
    await this.done;
  }

  private async keep(): Promise<void> {
    while (this.wanted) {
      // One that does not come up in time still runs, or is started again.
      await this.service.start({}, '/live').catch(() => undefined);
      await this.service.gone();
      if (this.wanted) await pause(RESTART_AFTER_MS);
    }
  }
}
