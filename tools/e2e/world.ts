import { sign } from 'jsonwebtoken';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { DEVELOPMENT_SECRET_KEY } from '@freshet/service-kit';
import { placeFrom } from '../stack/place.js';
import { type Stack, startStack } from '../stack/stack.js';
import { until } from '../stack/until.js';
import { Service } from './services.js';
import { watermarkPassed } from './watermark.js';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** `hit`, `fwd=miss; stored`, …: what follows the cache's name in `Cache-Status`. */
  readonly cache: string;
  readonly headers: Headers;
}

export interface OtherStore {
  readonly env: NodeJS.ProcessEnv;
  /** To the server that has the control keys. The world ends it. */
  readonly redis: Redis;
}

const TABLES = [
  'billing_lineitem',
  'billing_invoice',
  'billing_customer_businesses',
  'billing_customer',
  'billing_business',
  'auth_user_groups',
  'auth_user',
  'auth_group',
];

/** The whole stack with both services, a writer of its own, and the signal that a change is applied. */
export class World {
  private readonly sessions: Client[] = [];

  private constructor(
    readonly stack: Stack,
    readonly readApi: Service,
    readonly invalidator: Service,
    /** Writes as the owner of the database: any writer will do. */
    readonly writer: Client,
    readonly redis: Redis,
  ) {}

  /**
   * @param readerEnv variables of the read API beyond those of the stack
   * @param store where both services keep everything, in place of the stack's own Redis: by these variables, and seen by this connection
   */
  static async begin(readerEnv: NodeJS.ProcessEnv = {}, store?: OtherStore): Promise<World> {
    const place = placeFrom({ FRESHET_STACK_DIR: '.stack-e2e', FRESHET_STACK_PORTS_FROM: '22432', ...process.env });
    const stack = await startStack(place);
    const writer = new Client({ connectionString: stack.ownerUrl });
    await writer.connect();
    const redis = store?.redis ?? new Redis({ ...stack.redis, db: 1 });
    const readApi = new Service(stack, 'read-api', {
      port: stack.ports.readApi,
      env: { ...store?.env, ...readerEnv },
    });
    const invalidator = new Service(stack, 'invalidator', { port: stack.ports.invalidator, env: { ...store?.env } });
    const world = new World(stack, readApi, invalidator, writer, redis);
    await world.seed();
    await Promise.all([readApi.start(), invalidator.start()]);
    await world.applied();
    return world;
  }

  async end(): Promise<void> {
    await Promise.all([this.readApi.stop(), this.invalidator.stop()]);
    await Promise.all([this.writer, ...this.sessions].map((client) => client.end()));
    this.redis.disconnect();
  }

  /** Two businesses, three customers, three invoices with lines, and user 1, an admin. */
  async seed(): Promise<void> {
    await this.writer.query(`TRUNCATE ${TABLES.join(', ')} CASCADE`);
    await this.writer.query(SEED);
  }

  readonly authorization = `Bearer ${sign({ token_type: 'access', jti: 'e2e', user_id: 1 }, DEVELOPMENT_SECRET_KEY, {
    expiresIn: '12h',
  })}`;

  async get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(this.readApi.url + path, {
      headers: { authorization: this.authorization, ...headers },
    });
    const text = await response.text();
    const cache = (response.headers.get('cache-status') ?? '').replace(/^Freshet; /, '');
    return { status: response.status, body: JSON.parse(text), cache, headers: response.headers };
  }

  /** Reads until the answer comes from the store, and returns it: the entry is there. A schema change may still be read in. */
  async warm(path: string): Promise<Reply> {
    let last: Reply | undefined;
    const cached = await until(`${path} to be cached`, 10_000, async () => {
      last = await this.get(path);
      return last.cache.startsWith('hit') && last;
    }).catch((cause: unknown) => {
      throw new Error(`${last?.status} ${last?.cache} ${JSON.stringify(last?.body)}`, { cause });
    });
    return cached;
  }

  /** Another session of a writer. It ends with this world, also where a test fails half way. */
  async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.stack.ownerUrl });
    this.sessions.push(client);
    await client.connect();
    return client;
  }

  /** Whether an entry for the path's view and id stands in the store, as a value and not as a lease. */
  async stored(path: string): Promise<boolean> {
    const [, view, id] = /^\/api\/([a-z-]+)\/(\d+)\/$/.exec(path) ?? [];
    const keys = await this.redis.keys(`e:${(view ?? '').replace(/e?s$/, '')}*:*`);
    const bodies = await Promise.all(
      keys.filter((key) => key.includes(`id=${id}`)).map((key) => this.redis.hexists(key, 'body')),
    );
    return bodies.includes(1);
  }

  /** Runs SQL as one transaction of its own and waits until the invalidator has applied it. */
  async change(sql: string): Promise<void> {
    await this.writer.query(sql);
    await this.applied();
  }

  /** Resolves when everything committed before the call is applied, and the read API has heard of it. */
  async applied(): Promise<void> {
    const target = await watermarkPassed(this.redis, this.writer);
    await until('the read API to hear the watermark', 10_000, async () => {
      const heard = await this.heardWatermark();
      return heard === undefined || heard >= target;
    });
  }

  /** Undefined where the read API keeps no copies, or does not run: there is nothing to wait for then. */
  private async heardWatermark(): Promise<number | undefined> {
    if (!this.readApi.running) return undefined;
    const metrics = await (await fetch(`${this.readApi.url}/metrics`)).text();
    const [, heard] = /^near_cache\{[^}]*figure="watermarkMs"[^}]*\} (\S+)/m.exec(metrics) ?? [];
    return heard === undefined ? undefined : Number(heard);
  }
}

const SEED = `
INSERT INTO auth_group (id, name) VALUES (1, 'admin'), (2, 'viewer');
INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
VALUES (1, '', false, 'asha', 'Asha', 'Rao', 'asha@books.example', false, true, '2024-04-01'),
       (2, '', false, 'ravi', 'Ravi', 'Jain', 'ravi@books.example', false, true, '2024-04-01');
INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (2, 2);
INSERT INTO billing_business (id, created_at, updated_at, workspace_id, name, address, gst_number, mobile_number, invoice_prefix, primary_color_theme)
VALUES (1, '2024-04-01', '2024-04-01', 1, 'Neem Traders', '4 Ring Road', '08AAAPN1234C1Z5', '9000000001', 'NT', '#d04e00'),
       (2, '2024-04-01', '2024-04-01', 1, 'Banyan Stores', '9 Fort Road', '27AAAPB1234C1Z5', '9000000002', 'BS', '#d04e00');
INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name, gst_number)
VALUES (1, '2024-04-02', '2024-04-02', 1, 'Meena', '08BBBPM1234C1Z5'), (2, '2024-04-02', '2024-04-02', 1, 'Kabir', NULL),
       (3, '2024-04-02', '2024-04-02', 1, 'Tara', '');
INSERT INTO billing_customer_businesses (customer_id, business_id) VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount, invoice_date,
  type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
VALUES (1, '2024-05-01', '2024-05-01', 1, 1, 1, 'NT/2024-25/1', 1030, '2024-05-01', 'outward', '', '', '', '', 'Regular', 'Road'),
       (2, '2024-05-02', '2024-05-02', 1, 2, 1, 'NT/2024-25/2', 2060, '2024-05-02', 'outward', '', '', '', '', 'Regular', 'Road'),
       (3, '2024-05-03', '2024-05-03', 1, 3, 2, 'BS/2024-25/1', 515, '2024-05-03', 'outward', '', '', '', '', 'Regular', 'Road');
INSERT INTO billing_lineitem (id, created_at, updated_at, workspace_id, customer_id, invoice_id, product_name, hsn_code, gst_tax_rate, quantity,
  rate, cgst, sgst, igst, amount, unit)
VALUES (1, '2024-05-01', '2024-05-01', 1, 1, 1, 'Ring', '711319', 0.03, 1, 1000, 15, 15, 0, 1030, 'gms'),
       (2, '2024-05-02', '2024-05-02', 1, 2, 2, 'Chain', '711319', 0.03, 2, 1000, 30, 30, 0, 2060, 'gms'),
       (3, '2024-05-03', '2024-05-03', 1, 3, 3, 'Coin', '711319', 0.03, 1, 500, 0, 0, 15, 515, 'pcs');
`;
