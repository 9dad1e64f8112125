import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Random } from '../demo-data/random.js';
import { type Deed, nextDeed } from './deeds.js';
import type { RowHistory, Version } from './row-history.js';
import { MARKS, type Scene } from './scene.js';

const CONNECT_MS = 2000;
const AGAIN_MS = 100;
const ROLLBACKS = 0.12;

export interface WriterOptions {
  readonly url: string;
  readonly scene: Scene;
  readonly owner: number;
  readonly random: Random;
  /** Told of each transaction as soon as its id is known. */
  readonly onBegun: (xid: bigint, written: readonly Written[]) => void;
}

export interface Written {
  readonly row: RowHistory;
  readonly version: Version;
}

/** One client of the database: a transaction, a breath, the next. Knows of each of its transactions whether it is committed. */
export class Writer {
  transactions = 0;
  private mark = 0;
  private client: Client | undefined;
  private halted = false;
  private ended = false;
  private resting: Promise<void> = Promise.resolve();

  constructor(private readonly options: WriterOptions) {}

  run(): void {
    this.halted = false;
    this.resting = this.work();
  }

  /** Resolves when the transaction in hand has ended and its end is known. */
  async halt(): Promise<void> {
    this.halted = true;
    await this.resting;
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.halt();
    await this.drop();
  }

  private async work(): Promise<void> {
    const { random } = this.options;
    while (!this.halted) {
      await this.carryOut(nextDeed(this.options), random.chance(ROLLBACKS));
      this.transactions += 1;
      await pause(random.between(5, 60));
    }
  }

  private async carryOut(deed: Deed, rollBack: boolean): Promise<void> {
    const written = deed.writes.map(({ row, face }) => ({ row, version: row.begin(face, deed.name, Date.now()) }));
    const settle = (committed: boolean): void => {
      for (const { row, version } of written) {
        if (committed) row.commit(version, Date.now());
        else version.fate = 'aborted';
      }
    };
    let xid: bigint | undefined;
    let asked = false;
    try {
      const client = await this.connected();
      await client.query('BEGIN');
      await client.query(`UPDATE ${MARKS} SET mark = $2 WHERE owner = $1`, [this.options.owner, ++this.mark]);
      for (const sql of deed.sql) {
        await client.query(sql);
        xid ??= await this.begun(client, written);
      }
      asked = !rollBack;
      await client.query(rollBack ? 'ROLLBACK' : 'COMMIT');
      settle(!rollBack);
    } catch {
      await this.drop();
      settle(asked && (await this.wasCommitted()));
    }
  }

  private async begun(client: Client, written: readonly Written[]): Promise<bigint> {
    const { rows } = await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    const xid = BigInt(rows[0]?.xid ?? 0);
    for (const { version } of written) version.xid = xid;
    this.options.onBegun(xid, written);
    return xid;
  }

  /**
   * The connection broke between the wish and the answer. Each transaction leaves a mark in a table of the writers' own. Its id would not
   * do: the database gives out anew, after a crash, the ids of transactions of which nothing had reached the disk.
   */
  private async wasCommitted(): Promise<boolean> {
    const { owner } = this.options;
    while (!this.ended) {
      try {
        const client = await this.connected();
        // The lock waits for a session of ours that still lingers.
        const { rows } = await client.query<{ mark: number }>(`SELECT mark FROM ${MARKS} WHERE owner = $1 FOR UPDATE`, [
          owner,
        ]);
        return rows[0]?.mark === this.mark;
      } catch {
        await this.drop();
      }
      await pause(AGAIN_MS);
    }
    return false;
  }

  private async connected(): Promise<Client> {
    while (this.client === undefined) {
      const client = new Client({ connectionString: this.options.url, connectionTimeoutMillis: CONNECT_MS });
      client.on('error', () => undefined);
      try {
        await client.connect();
        this.client = client;
      } catch (error) {
        void client.end().catch(() => undefined);
        if (this.ended) throw error;
        await pause(AGAIN_MS);
      }
    }
    return this.client;
  }

  private async drop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    void client?.end().catch(() => undefined);
  }
}
