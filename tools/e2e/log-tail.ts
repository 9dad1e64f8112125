import { randomUUID } from 'node:crypto';
import { quietKafka } from '../stack/kafka.js';
import { type Stack } from '../stack/stack.js';
import { until } from '../stack/until.js';

/** What a test looks at in a record of the connector. */
export interface Logged {
  readonly op: string;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly source: { readonly table: string; readonly snapshot: string; readonly ts_us: number };
}

const PATIENCE_MS = 60_000;

/** The offset that the topic's next record will get. */
export async function endOfLog({ kafkaBroker, topic }: Stack): Promise<number> {
  const admin = quietKafka(kafkaBroker).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  return Number(partition?.high ?? 0);
}

/** The records of the log from that offset on, as soon as they are `enough`. */
export async function logFrom(
  { kafkaBroker, topic }: Stack,
  offset: number,
  enough: (records: readonly Logged[]) => boolean,
): Promise<readonly Logged[]> {
  const consumer = quietKafka(kafkaBroker).consumer({ groupId: randomUUID(), retry: { retries: 5 } });
  const records: Logged[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      if (Number(message.offset) >= offset) records.push(JSON.parse(String(message.value)) as Logged);
    },
  });
  consumer.seek({ topic, partition: 0, offset: String(offset) });
  try {
    await until('the records', PATIENCE_MS, async () => enough(records));
  } finally {
    await consumer.disconnect();
  }
  return records;
}
