import { parseEnvelope, type Change } from '@freshet/row-change';
import { randomUUID } from 'node:crypto';
import { connectorSettings } from '../stack/connector.js';
import { quietKafka } from '../stack/kafka.js';
import type { Stack } from '../stack/stack.js';
import { until } from '../stack/until.js';
import type { TransactionNews } from './product.js';
import { PUBLICATION, type Session } from './session.js';

const MINUTE = 60_000;

/** The changes of one database as Debezium writes them and the invalidator reads them. */
export class DebeziumFeed {
  private readonly heard: Change[] = [];
  private marks = 0;

  private constructor(
    private readonly session: Session,
    private readonly url: string,
    private readonly name: string,
    private readonly stopReading: () => Promise<void>,
    changes: Change[],
  ) {
    this.heard = changes;
  }

  /** A connector of its own with the settings of the product's, for the scratch database `name`, which holds the session's publication. */
  static async open(stack: Stack, session: Session, name: string): Promise<DebeziumFeed> {
    const url = `${stack.connectUrl}/connectors/${name}`;
    const values = { DATABASE_HOST: '127.0.0.1', DATABASE_PORT: String(stack.ports.postgres), DATABASE_NAME: name };
    const settings = await connectorSettings({ ...values, CDC_USER: 'postgres', CDC_PASSWORD: '' });
    // The scratch database has no heartbeat table.
    delete settings['heartbeat.action.query'];
    const own = {
      'slot.name': name,
      'publication.name': PUBLICATION,
      'topic.prefix': name,
      'slot.drop.on.stop': 'true',
    };
    const route = { 'transforms.route.regex': `${name}\\..*`, 'transforms.route.replacement': `${name}.changes` };
    const body = JSON.stringify({ ...settings, ...own, ...route });
    const headers = { 'Content-Type': 'application/json' };
    await until(
      'Kafka Connect to take the connector',
      MINUTE,
      async () => (await fetch(`${url}/config`, { method: 'PUT', body, headers })).ok,
    );
    await until('the slot', MINUTE, async () => {
      const { rows } = await session.run(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${name}' AND active`);
      return rows.length === 1;
    });
    const changes: Change[] = [];
    const stop = await read(stack.kafkaBroker, `${name}.changes`, session, changes);
    return new DebeziumFeed(session, url, name, stop, changes);
  }

  /** Everything committed since the last call, by transaction. */
  async news(): Promise<ReadonlyMap<number, TransactionNews>> {
    this.marks += 1;
    const own = `mark ${this.marks}`;
    await mark(this.session, own);
    await until(own, MINUTE, async () => this.heard.some((c) => c.kind === 'schema-change' && c.command === own));
    const byTransaction = new Map<number, Change[]>();
    for (const c of this.heard.splice(0))
      byTransaction.set(c.xid ?? -1, [...(byTransaction.get(c.xid ?? -1) ?? []), c]);
    return new Map([...byTransaction].map(([xid, changes]) => [xid, newsOf(changes)]));
  }

  async close(): Promise<void> {
    await this.stopReading();
    await fetch(this.url, { method: 'DELETE' });
    await until('the slot to go', MINUTE, async () => {
      const sql = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${this.name}' AND NOT active`;
      await this.session.run(sql);
      return (
        (await this.session.run(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${this.name}'`)).rows.length ===
        0
      );
    });
  }
}

/** Reads a topic, which comes into being with its first message, from its beginning. @returns what ends it. */
async function read(broker: string, topic: string, session: Session, into: Change[]): Promise<() => Promise<void>> {
  const kafka = quietKafka(broker);
  const admin = kafka.admin();
  await admin.connect();
  await mark(session, 'first');
  await until(`topic ${topic}`, MINUTE, async () => (await admin.listTopics()).includes(topic));
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: randomUUID(), retry: { retries: 5 } });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      const parsed = parseEnvelope(message.value);
      if (parsed.kind === 'malformed') throw new Error(parsed.reason);
      if (parsed.kind === 'change') into.push(parsed.change);
    },
  });
  return () => consumer.disconnect();
}

async function mark(session: Session, name: string): Promise<void> {
  const content = JSON.stringify({ command: name, tables: [] });
  await session.run(`SELECT pg_logical_emit_message(true, 'freshet.ddl', '${content}')`);
}

function newsOf(changes: readonly Change[]): TransactionNews {
  return {
    rows: changes.filter((c) => c.kind === 'row'),
    truncated: changes.flatMap((c) => (c.kind === 'truncate' ? [c.table] : [])),
    schema: undefined,
  };
}
